package dev.rung.delivery.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;

/** A network: an address and the length of its prefix in bits. */
public record Cidr(InetAddress base, int bits) {

    /**
     * Reads {@code 10.0.0.0/8}, {@code fd00::/8}, or one address.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        InetAddress base = address(slash < 0 ? text : text.substring(0, slash), text);
        int length = base.getAddress().length * 8;
        int bits = slash < 0 ? length : bits(text.substring(slash + 1));
        if (bits < 0 || bits > length) {
            throw new IllegalArgumentException("\"" + text + "\" must end with /0 to /" + length);
        }
        Cidr network = new Cidr(base, bits);
        byte[] masked = base.getAddress();
        for (int i = bits; i < length; i++) {
            masked[i / 8] &= (byte) ~(0x80 >>> i % 8);
        }
        if (!network.equalsBase(masked)) {
            throw new IllegalArgumentException("\"" + text + "\" has bits set beyond its first " + bits
                    + "; use either " + AddressText.of(masked) + "/" + bits + " or "
                    + base.getHostAddress() + "/" + length);
        }
        return network;
    }

    /** Accepts the usual notations only: 10.0.0 is more likely a typing error than 10.0.0.0. */
    private static InetAddress address(String literal, String network) {
        try {
            InetAddress address = InetAddress.ofLiteral(literal);
            if (literal.indexOf(':') >= 0 || literal.equals(address.getHostAddress())) {
                return address;
            }
            throw new IllegalArgumentException(literal + " stands for " + address.getHostAddress());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + network + "\" is not a network such as 10.0.0.0/8", e);
        }
    }

    private static int bits(String text) {
        boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
        return text.isEmpty() || text.length() > 3 || !digits ? -1 : Integer.parseInt(text);
    }

    private boolean equalsBase(byte[] other) {
        return Arrays.equals(base.getAddress(), other);
    }

    boolean contains(byte[] address) {
        byte[] network = base.getAddress();
        if (network.length != address.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (network[i] != address[i]) {
                return false;
            }
        }
        return bits % 8 == 0 || ((network[whole] ^ address[whole]) & 0xff) >>> 8 - bits % 8 == 0;
    }

    /** Whether the address is in this network. */
    public boolean contains(InetAddress address) {
        return contains(address.getAddress());
    }

    /** The network of this one address. */
    static Cidr of(InetAddress address) {
        return new Cidr(address, address instanceof Inet4Address ? 32 : 128);
    }

    @Override
    public String toString() {
        return AddressText.of(base.getAddress()) + "/" + bits;
    }
}
