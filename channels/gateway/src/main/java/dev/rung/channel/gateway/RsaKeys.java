package dev.rung.channel.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads RSA keys in the formats that payment platforms issue, and signs and verifies with SHA-256 and PKCS#1 v1.5 (Alipay's RSA2, WeChat
 * Pay's APIv3).
 */
public final class RsaKeys {
    /** Required by both platforms; shorter keys are insecure. */
    private static final int BITS_MIN = 2048;

    /** The encoded beginning of the names of all RSA signatures, 1.2.840.113549.1.1. */
    private static final String RSA_SIGNATURE = "*\u0086H\u0086\u00F7\r\u0001\u0001";

    private static final Pattern PEM = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    private RsaKeys() {}

    /**
     * Reads a private key: PKCS#8, as PEM or as the plain base64 written by Alipay's key tool.
     *
     * @throws IllegalArgumentException if it is malformed; the message continues the setting's name and contains nothing of the key
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
     * Reads a public key: PEM or plain base64.
     *
     * @throws IllegalArgumentException if it is malformed
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
     * @throws IllegalArgumentException if there is none, or one has no RSA key
     */
    public static List<X509Certificate> certificates(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (byte[] der : certificateBlocks(text)) {
            certificates.add(certificate(der));
        }
        return required(certificates);
    }

    /**
     * Reads the certificates that have RSA signatures, and leaves out others, which the JDK may not know (SM2).
     *
     * @throws IllegalArgumentException if there is none
     */
    public static List<X509Certificate> certificatesForRsa(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (byte[] der : certificateBlocks(text)) {
            if (new String(der, ISO_8859_1).contains(RSA_SIGNATURE)) {
                certificates.add(certificate(der));
            }
        }
        return required(certificates);
    }

    private static List<byte[]> certificateBlocks(String text) {
        try {
            return PEM.matcher(text)
                    .results()
                    .filter(block -> block.group(1).equals("CERTIFICATE"))
                    .map(block -> Base64.getMimeDecoder().decode(block.group(2)))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("contains a certificate that is not base64", e);
        }
    }

    private static X509Certificate certificate(byte[] der) {
        X509Certificate certificate;
        try {
            certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("contains a certificate that cannot be read", e);
        }
        checked(certificate.getPublicKey());
        return certificate;
    }

    private static List<X509Certificate> required(List<X509Certificate> certificates) {
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("contains no certificates (PEM)");
        }
        return certificates;
    }

    /** Writes certificates as PEM blocks. */
    public static String pem(Collection<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        try {
            for (X509Certificate certificate : certificates) {
                text.append("-----BEGIN CERTIFICATE-----\n")
                        .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded()))
                        .append("\n-----END CERTIFICATE-----\n");
            }
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read has no encoding", e);
        }
        return text.toString();
    }

    /** A certificate's serial number as OpenSSL and WeChat Pay write it: hexadecimal, upper case, an even number of digits. */
    public static String serial(BigInteger serialNumber) {
        String digits = serialNumber.toString(16).toUpperCase(Locale.ROOT);
        return digits.length() % 2 == 0 ? digits : "0" + digits;
    }

    /** Whether these are two halves of one pair. */
    public static boolean isPair(PrivateKey privateKey, PublicKey publicKey) {
        return privateKey instanceof RSAKey one
                && publicKey instanceof RSAKey other
                && one.getModulus().equals(other.getModulus());
    }

    /** The signature as base64. */
    public static String sign(PrivateKey key, byte[] text) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(text);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with a valid RSA key failed", e);
        }
    }

    /** Whether this is the key's signature of the text; false for malformed signatures. */
    public static boolean verifies(PublicKey key, byte[] text, String signatureBase64) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update(text);
            return signature.verify(Base64.getDecoder().decode(signatureBase64));
        } catch (IllegalArgumentException | SignatureException e) {
            return false; // not base64, or not the key's length
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("verifying with a valid RSA key failed", e);
        }
    }

    private static byte[] der(String text, String label) {
        String base64 = text;
        Matcher pem = PEM.matcher(text);
        if (pem.find()) {
            if (!pem.group(1).equals(label)) {
                throw new IllegalArgumentException("contains a " + pem.group(1) + ", not a " + label
                        + (pem.group(1).equals("RSA PRIVATE KEY")
                                ? "; convert it with: openssl pkcs8 -topk8 -nocrypt -in FILE"
                                : ""));
            }
            base64 = pem.group(2);
        }
        try {
            return Base64.getDecoder().decode(base64.replaceAll("[\\s\uFEFF]", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is neither PEM nor base64", e);
        }
    }

    private static <K> K checked(K key) {
        if (!(key instanceof RSAKey rsa)) {
            throw new IllegalArgumentException("has no RSA key");
        }
        int bits = rsa.getModulus().bitLength();
        if (bits < BITS_MIN) {
            throw new IllegalArgumentException("has " + bits + " bits; at least " + BITS_MIN + " are required");
        }
        return key;
    }
}
