package dev.rung.delivery.http;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Writes addresses as text. */
final class AddressText {
    private AddressText() {}

    /** In canonical form: no zone, the longest run of zeros of an IPv6 address compressed (RFC 5952). */
    static String of(byte[] bytes) {
        if (bytes.length == 4) {
            return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
        }
        int bestStart = -1;
        int bestLength = 1;
        for (int start = 0; start < 8; start++) {
            int length = 0;
            while (start + length < 8 && group(bytes, start + length) == 0) {
                length++;
            }
            if (length > bestLength) {
                bestStart = start;
                bestLength = length;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(group(bytes, i)));
            }
        }
        return text.toString();
    }

    private static int group(byte[] bytes, int i) {
        return (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
    }

    /** {@code 127.0.0.1:9000} or {@code [::1]:9000}. */
    static String of(InetAddress address, int port) {
        String text = of(address.getAddress());
        return address instanceof Inet4Address ? text + ":" + port : "[" + text + "]:" + port;
    }
}
