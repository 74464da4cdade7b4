package dev.rung.channel.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;

/** Issues certificates for tests; those of the other algorithm that platforms use (SM2) without a valid signature. */
public final class TestAuthority {
    private static final String RSA_WITH_SHA256 = "300D06092A864886F70D01010B0500";
    private static final String SM2_WITH_SM3 = "300A06082A811CCF55018375";
    private static final String SM2_KEY = "3013" + "06072A8648CE3D0201" + "06082A811CCF5501822D";
    private static final String CA_CONSTRAINTS = "300F0603551D130101FF040530030101FF";

    private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    public static final Instant UNTIL = Instant.parse("2040-01-01T00:00:00Z");

    private final KeyPair keys = Orders.rsa();
    private final String name;
    private final X509Certificate certificate;

    /** A root. */
    public TestAuthority(String name, long serial) {
        this.name = name;
        this.certificate = issue(name, keys.getPublic(), serial, UNTIL, true);
    }

    private TestAuthority(String name, TestAuthority issuer, long serial, boolean isMarked) {
        this.name = name;
        this.certificate = issuer.issue(name, keys.getPublic(), serial, UNTIL, isMarked);
    }

    /** An authority below this one. */
    public TestAuthority authority(String subject, long serial) {
        return new TestAuthority(subject, this, serial, true);
    }

    /** The same, whose certificate does not say that it may issue others. */
    public TestAuthority unmarkedAuthority(String subject, long serial) {
        return new TestAuthority(subject, this, serial, false);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public X509Certificate issue(String subject, PublicKey key, long serial, Instant until) {
        return issue(subject, key, serial, until, false);
    }

    private X509Certificate issue(String subject, PublicKey key, long serial, Instant until, boolean isAuthority) {
        byte[] content = sequence(
                tag(0xA0, tag(2, new byte[] {2})),
                tag(2, BigInteger.valueOf(serial).toByteArray()),
                hex(RSA_WITH_SHA256),
                new X500Principal(name).getEncoded(),
                sequence(time(FROM), time(until)),
                new X500Principal(subject).getEncoded(),
                key.getEncoded(),
                isAuthority ? tag(0xA3, sequence(hex(CA_CONSTRAINTS))) : new byte[0]);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(content);
            byte[] der = sequence(content, hex(RSA_WITH_SHA256), bits(signature.sign()));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In PEM, a certificate with an SM2 key, which the JDK cannot read. */
    public static String sm2Certificate(String subject) {
        byte[] content = sequence(
                tag(0xA0, tag(2, new byte[] {2})),
                tag(2, new byte[] {7}),
                hex(SM2_WITH_SM3),
                new X500Principal(subject).getEncoded(),
                sequence(time(FROM), time(UNTIL)),
                new X500Principal(subject).getEncoded(),
                sequence(hex(SM2_KEY), bits(new byte[65])));
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(sequence(content, hex(SM2_WITH_SM3), bits(new byte[70])))
                + "\n-----END CERTIFICATE-----\n";
    }

    private static byte[] time(Instant at) {
        return tag(
                0x18,
                DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
                        .withZone(ZoneOffset.UTC)
                        .format(at)
                        .getBytes(US_ASCII));
    }

    private static byte[] bits(byte[] content) {
        byte[] padded = new byte[content.length + 1];
        System.arraycopy(content, 0, padded, 1, content.length);
        return tag(3, padded);
    }

    private static byte[] sequence(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return tag(0x30, all.toByteArray());
    }

    private static byte[] tag(int tag, byte[] content) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        if (content.length < 128) {
            all.write(content.length);
        } else {
            all.write(0x82);
            all.write(content.length >> 8);
            all.write(content.length);
        }
        all.writeBytes(content);
        return all.toByteArray();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
