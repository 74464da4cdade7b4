package dev.rung.crypto;

import dev.rung.core.model.Signing;
import dev.rung.crypto.dialect.DialectKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A key ready to sign with. Thread-safe.
 *
 * <p>Its text form, which is what gets sealed, begins with a prefix for its kind: {@code whsec_} and {@code whsk_} as in the Standard
 * Webhooks specification (1.0.0, "Signature scheme"), {@code rsa2_} for RSA, which is not specified there. So a key can still be read
 * after the merchant changed to another signing scheme.
 */
sealed interface SigningKey extends DialectKey {
    String PRINTABLE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    int RSA_BITS_MIN = 2048;

    @Override
    default byte[] secret() {
        throw new IllegalStateException("an asymmetric key has no secret");
    }

    /** HMAC-SHA256. Clones an initialised Mac, which costs half as much as initialising a new one. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Hmac(Mac keyed, byte[] secret) implements SigningKey {
        @Override
        public byte[] sign(byte[]... parts) {
            try {
                Mac mac = (Mac) keyed.clone();
                for (byte[] part : parts) {
                    mac.update(part);
                }
                return mac.doFinal();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("this JDK's HmacSHA256 cannot be cloned", e);
            }
        }
    }

    /** Ed25519 (RFC 8032). */
    record Ed25519(PrivateKey key) implements SigningKey {
        @Override
        public byte[] sign(byte[]... parts) {
            return signed("Ed25519", key, parts);
        }
    }

    /** RSA with SHA-256, PKCS #1 v1.5: what Alipay calls RSA2. */
    record Rsa(PrivateKey key) implements SigningKey {
        @Override
        public byte[] sign(byte[]... parts) {
            return signed("SHA256withRSA", key, parts);
        }
    }

    private static byte[] signed(String algorithm, PrivateKey key, byte[]... parts) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            for (byte[] part : parts) {
                signature.update(part);
            }
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with " + algorithm + " failed", e);
        }
    }

    /**
     * The text forms of a key.
     *
     * @param secret the text that is sealed; for HMAC the merchant verifies with it, too
     * @param publicKey the key the merchant verifies with, if signing is asymmetric
     */
    record Text(String secret, @Nullable String publicKey) {
        @Override
        public String toString() {
            return "Text[…]";
        }
    }

    /** Generates a new key. */
    static Text generate(Signing signing, SecureRandom random) {
        try {
            if (signing.equals(Signing.HMAC)) {
                byte[] secret = new byte[32];
                random.nextBytes(secret);
                return new Text("whsec_" + base64(secret), null);
            }
            if (signing.equals(Signing.ED25519)) {
                return ed25519(random);
            }
            if (signing.equals(Signing.RSA2_FORM)) {
                KeyPair pair = pair("RSA", 2048, random);
                return new Text(
                        "rsa2_" + base64(pair.getPrivate().getEncoded()),
                        base64(pair.getPublic().getEncoded()));
            }
            return new Text("whsec_" + base64(printable(random)), null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("generating a key for " + signing.text() + " failed", e);
        }
    }

    private static Text ed25519(SecureRandom random) throws GeneralSecurityException {
        KeyPair pair = pair("Ed25519", 255, random);
        byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
        byte[] x509 = pair.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(x509, x509.length - 32, x509.length);
        // Other libraries call the concatenation of seed and point (64 bytes) the secret key.
        byte[] both = Arrays.copyOf(seed, 64);
        System.arraycopy(point, 0, both, 32, 32);
        return new Text("whsk_" + base64(both), "whpk_" + base64(point));
    }

    /** Merchants of other dialects keep the secret as text. */
    private static byte[] printable(SecureRandom random) {
        byte[] secret = new byte[32];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) PRINTABLE.charAt(random.nextInt(PRINTABLE.length()));
        }
        return secret;
    }

    /**
     * Reads a key that a merchant has already: {@code whsec_} and base64 of 16 to 64 bytes, or for {@code rsa2-form} a private key as PKCS #8 PEM.
     *
     * @throws IllegalArgumentException if it is not one; the message continues the field's name and does not repeat it
     */
    static Text read(Signing signing, String key) {
        if (signing.equals(Signing.ED25519)) {
            throw new IllegalArgumentException("cannot be given with the signing ed25519");
        }
        return signing.equals(Signing.RSA2_FORM) ? rsa(key) : new Text(imported(key), null);
    }

    private static String imported(String key) {
        try {
            if (key.startsWith("whsec_")) {
                byte[] bytes = Base64.getDecoder().decode(key.substring("whsec_".length()));
                if (bytes.length >= 16 && bytes.length <= 64) {
                    return "whsec_" + base64(bytes);
                }
            }
        } catch (IllegalArgumentException _) {
            // Reported below, without the key.
        }
        throw new IllegalArgumentException("is not whsec_ and base64 of 16 to 64 bytes");
    }

    private static Text rsa(String pem) {
        try {
            String base64 = pem.strip()
                    .replace("-----BEGIN PRIVATE KEY-----", "")
                    .replace("-----END PRIVATE KEY-----", "")
                    .replaceAll("\\s", "");
            byte[] pkcs8 = Base64.getDecoder().decode(base64);
            KeyFactory factory = KeyFactory.getInstance("RSA");
            if (factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8)) instanceof RSAPrivateCrtKey key
                    && key.getModulus().bitLength() >= RSA_BITS_MIN) {
                byte[] x509 = factory.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()))
                        .getEncoded();
                return new Text("rsa2_" + base64(pkcs8), base64(x509));
            }
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            // Reported below, without the key.
        }
        throw new IllegalArgumentException("is not an RSA key of at least 2048 bits in PKCS #8 PEM");
    }

    private static KeyPair pair(String algorithm, int bits, SecureRandom random) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits, random);
        return generator.generateKeyPair();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /**
     * Parses the secret of {@link #generate}.
     *
     * @throws IllegalStateException if the form is unknown; the message does not repeat it
     */
    static SigningKey parse(byte[] text) {
        String secret = new String(text, StandardCharsets.US_ASCII);
        try {
            String prefix = secret.substring(0, secret.indexOf('_') + 1);
            byte[] bytes = Base64.getDecoder().decode(secret.substring(prefix.length()));
            return switch (prefix) {
                case "whsec_" -> {
                    Mac mac = Mac.getInstance("HmacSHA256");
                    mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
                    yield new Hmac(mac, bytes);
                }
                case "whsk_" ->
                    new Ed25519(KeyFactory.getInstance("Ed25519")
                            .generatePrivate(
                                    new EdECPrivateKeySpec(NamedParameterSpec.ED25519, Arrays.copyOf(bytes, 32))));
                case "rsa2_" -> new Rsa(KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(bytes)));
                default -> throw new IllegalStateException("a signing key has a form that this version does not know");
            };
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            // The cause is dropped because it may contain the key.
            throw new IllegalStateException("a signing key is damaged");
        }
    }
}
