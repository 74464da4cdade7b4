package dev.rung.delivery.http;

import dev.rung.core.model.InvalidValueException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Parses IPv4 addresses in every notation that some resolver accepts, by the "IPv4 parser" of the WHATWG URL standard. */
final class Ipv4Text {
    private static final long NONE = -1;

    private Ipv4Text() {}

    /**
     * The address, or null if the host is a name: its last label is not a number.
     *
     * @throws IllegalArgumentException if it ends like an address but is not one; the message continues the field's name
     */
    static @Nullable InetAddress read(String host) {
        String[] parts = host.split("\\.", -1);
        String last = parts[parts.length - 1];
        if (!endsLikeAnAddress(last)) {
            return null;
        }
        if (parts.length > 4) {
            throw notAnAddress(host);
        }
        long address = 0;
        for (int i = 0; i < parts.length; i++) {
            long part = number(parts[i]);
            int bytes = i < parts.length - 1 ? 1 : 5 - parts.length;
            if (part == NONE || part >= 1L << 8 * bytes) {
                throw notAnAddress(host);
            }
            address = address << 8 * bytes | part;
        }
        return SpecialAddresses.address(
                new byte[] {(byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address});
    }

    private static InvalidValueException notAnAddress(String host) {
        return new InvalidValueException(
                "invalid_url",
                "has the host " + host + ", which ends like an IPv4 address but is not one",
                "ipv4",
                host);
    }

    private static boolean endsLikeAnAddress(String label) {
        boolean hex = label.startsWith("0x");
        return label.substring(hex ? 2 : 0).chars().allMatch(c -> Character.digit(c, hex ? 16 : 10) >= 0);
    }

    /** Decimal, octal after 0, hexadecimal after 0x; {@link #NONE} if it is not a number below 2³². */
    private static long number(String text) {
        int radix = 10;
        int start = 0;
        if (text.startsWith("0x")) {
            radix = 16;
            start = 2;
        } else if (text.length() > 1 && text.startsWith("0")) {
            radix = 8;
            start = 1;
        } else if (text.isEmpty()) {
            return NONE;
        }
        long number = 0;
        for (int i = start; i < text.length(); i++) {
            int digit = Character.digit(text.charAt(i), radix);
            number = number * radix + digit;
            if (digit < 0 || number >= 1L << 32) {
                return NONE;
            }
        }
        return number;
    }
}
