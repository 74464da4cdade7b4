package dev.rung.server.settings;

import java.math.BigInteger;
import java.net.InetAddress;

/** A network in CIDR notation; its host bits are zero. */
public record Network(InetAddress address, int prefixLength) {

    public Network {
        byte[] bytes = address.getAddress();
        if (prefixLength < 0 || prefixLength > bytes.length * 8) {
            throw new IllegalArgumentException("has a prefix that is not between 0 and " + bytes.length * 8);
        }
        for (int bit = prefixLength; bit < bytes.length * 8; bit++) {
            if ((bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) {
                throw new IllegalArgumentException("has bits set beyond its prefix");
            }
        }
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code fd00::/8}, or one address.
     *
     * @throws IllegalArgumentException if the text is none; the message goes on from the text itself
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = literal(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new Network(address, address.getAddress().length * 8);
        }
        String digits = text.substring(slash + 1);
        if (!digits.matches("\\d{1,3}")) {
            throw new IllegalArgumentException("is not a network such as 10.0.0.0/8 or fd00::/8");
        }
        return new Network(address, Integer.parseInt(digits));
    }

    private static InetAddress literal(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not a network such as 10.0.0.0/8 or fd00::/8", e);
        }
    }

    public boolean contains(InetAddress other) {
        byte[] ours = address.getAddress();
        byte[] theirs = other.getAddress();
        return ours.length == theirs.length
                && new BigInteger(1, ours).xor(new BigInteger(1, theirs)).bitLength() <= ours.length * 8 - prefixLength;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength;
    }
}
