package dev.rung.client;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Reads keys. Messages never contain them. */
final class VerificationKeys {
    private static final String SECRET = "whsec_";
    private static final String PUBLIC = "whpk_";

    private VerificationKeys() {}

    static boolean isSecret(String text) {
        return text.startsWith(SECRET);
    }

    static boolean isEd25519(String text) {
        return text.startsWith(PUBLIC);
    }

    /** The bytes of {@code whsec_…}. */
    static byte[] secret(String text) {
        byte[] bytes = isSecret(text) ? base64(text.substring(SECRET.length())) : new byte[0];
        if (bytes.length == 0) {
            throw new IllegalArgumentException("a secret must be whsec_ and base64 of its bytes");
        }
        return bytes;
    }

    /** RFC 8032, 5.1.2: 32 bytes, y little-endian, the highest bit says whether x is odd. */
    static PublicKey ed25519(String text) {
        byte[] point = base64(text.substring(PUBLIC.length()));
        if (point.length != 32) {
            throw new IllegalArgumentException("a public key must be whpk_ and base64 of 32 bytes");
        }
        byte[] y = new byte[32];
        for (int i = 0; i < 32; i++) {
            y[i] = point[31 - i];
        }
        boolean xIsOdd = (y[0] & 0x80) != 0;
        y[0] &= 0x7f;
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new EdECPublicKeySpec(
                            NamedParameterSpec.ED25519, new EdECPoint(xIsOdd, new BigInteger(1, y))));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a public key must be whpk_ and base64 of 32 bytes");
        }
    }

    /** X.509 in base64, or as PEM. */
    static PublicKey rsa(String text) {
        byte[] encoded = base64(text.replaceAll("-----[A-Z ]+-----|\\s", ""));
        try {
            return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a public key must be an RSA key, X.509 in base64 or PEM");
        }
    }

    /** Empty if it is malformed. */
    static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
