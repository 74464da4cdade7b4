package dev.rung.channel.simulator;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** The two key pairs (P-256): each side signs with its own and knows only the other's public key. */
record SimulatorKeys(KeyPair bank, KeyPair platform) {
    private static final String ALGORITHM = "EC";
    private static final String CURVE = "secp256r1";

    /** Generates both key pairs. */
    public static SimulatorKeys generate() {
        return new SimulatorKeys(pair(), pair());
    }

    static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(new ECGenParameterSpec(CURVE));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK does not support " + CURVE, e);
        }
    }

    /** Both key pairs, including the private keys, as text for a store. */
    public String toText() {
        return text(bank) + "\n" + text(platform);
    }

    private static String text(KeyPair pair) {
        Base64.Encoder base64 = Base64.getEncoder();
        return base64.encodeToString(pair.getPublic().getEncoded()) + " "
                + base64.encodeToString(pair.getPrivate().getEncoded());
    }

    /**
     * Reads {@link #toText}.
     *
     * @throws IllegalArgumentException if the text is malformed
     */
    public static SimulatorKeys ofText(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() != 2) {
            throw new IllegalArgumentException("not the simulator's keys");
        }
        return new SimulatorKeys(pair(lines.getFirst()), pair(lines.getLast()));
    }

    private static KeyPair pair(String line) {
        String[] halves = line.split(" ", 2);
        if (halves.length != 2) {
            throw new IllegalArgumentException("not a key pair");
        }
        try {
            KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
            Base64.Decoder base64 = Base64.getDecoder();
            return new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(base64.decode(halves[0]))),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(base64.decode(halves[1]))));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a key pair", e);
        }
    }

    @Override
    public String toString() {
        return "SimulatorKeys";
    }
}
