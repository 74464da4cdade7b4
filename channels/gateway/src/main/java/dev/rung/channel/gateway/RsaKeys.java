package dev.rung.channel.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** RSA keys as payment platforms hand them out, and signatures with SHA-256 (PKCS#1 v1.5), which both Alipay's RSA2 and WeChat Pay's v3 are. */
public final class RsaKeys {
    /** What both platforms ask for; shorter ones can be broken. */
    private static final int BITS_MIN = 2048;

    private static final Pattern PEM = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    private RsaKeys() {}

    /**
     * Reads a private key: PKCS#8, as PEM or as the bare base64 that Alipay's key tool writes.
     *
     * @throws IllegalArgumentException if it is not one; the message goes on from a name and holds nothing of the key
     */
    public static PrivateKey privateKey(String text) {
        byte[] der = der(text, "PRIVATE KEY");
        try {
            return checked(KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "is not a private RSA key in PKCS#8; convert it with: openssl pkcs8 -topk8 -nocrypt -in FILE", e);
        }
    }

    /**
     * Reads a public key: PEM or bare base64.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static PublicKey publicKey(String text) {
        byte[] der = der(text, "PUBLIC KEY");
        try {
            return checked(KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("is not a public RSA key", e);
        }
    }

    /**
     * Reads certificates, one or more PEM blocks.
     *
     * @throws IllegalArgumentException if there is none, or one is not of an RSA key
     */
    public static List<X509Certificate> certificates(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (var certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text.getBytes(US_ASCII)))) {
                X509Certificate x509 = (X509Certificate) certificate;
                checked(x509.getPublicKey());
                certificates.add(x509);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("does not hold certificates (PEM)", e);
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("does not hold certificates (PEM)");
        }
        return certificates;
    }

    /** A certificate's serial number as WeChat Pay writes it: hexadecimal, upper case. */
    public static String serial(BigInteger serialNumber) {
        return serialNumber.toString(16).toUpperCase(Locale.ROOT);
    }

    /** The signature as base64. */
    public static String sign(PrivateKey key, byte[] text) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(text);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an RSA key that was read cannot sign", e);
        }
    }

    /** Whether this is the key's signature of the text; anything that is none is false. */
    public static boolean verifies(PublicKey key, byte[] text, String signatureBase64) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update(text);
            return signature.verify(Base64.getDecoder().decode(signatureBase64));
        } catch (IllegalArgumentException | SignatureException e) {
            return false; // not base64, or not as long as the key
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an RSA key that was read cannot verify", e);
        }
    }

    private static byte[] der(String text, String label) {
        String base64 = text;
        Matcher pem = PEM.matcher(text);
        if (pem.find()) {
            if (!pem.group(1).equals(label)) {
                throw new IllegalArgumentException("holds a " + pem.group(1) + ", not a " + label
                        + (pem.group(1).equals("RSA PRIVATE KEY")
                                ? "; convert it with: openssl pkcs8 -topk8 -nocrypt -in FILE"
                                : ""));
            }
            base64 = pem.group(2);
        }
        try {
            return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("holds neither PEM nor base64", e);
        }
    }

    private static <K> K checked(K key) {
        if (!(key instanceof RSAKey rsa)) {
            throw new IllegalArgumentException("is not of an RSA key");
        }
        int bits = rsa.getModulus().bitLength();
        if (bits < BITS_MIN) {
            throw new IllegalArgumentException("has " + bits + " bits: at least " + BITS_MIN + " are needed");
        }
        return key;
    }
}
