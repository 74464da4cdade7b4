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

/**
 * Reads RSA keys in the formats that payment platforms issue, and signs and verifies with SHA-256 and PKCS#1 v1.5 (Alipay's RSA2, WeChat
 * Pay's APIv3).
 */
public final class RsaKeys {
    /** Required by both platforms; shorter keys are insecure. */
    private static final int BITS_MIN = 2048;

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
        try {
            for (var certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text.getBytes(US_ASCII)))) {
                X509Certificate x509 = (X509Certificate) certificate;
                checked(x509.getPublicKey());
                certificates.add(x509);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("contains no certificates (PEM)", e);
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("contains no certificates (PEM)");
        }
        return certificates;
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
