package dev.rung.web;

import java.net.InetAddress;

/** Groups addresses by client: IPv6 addresses by their /64 network, which one client usually has all of. */
final class ClientNetwork {
    private static final int IPV6_BYTES = 16;
    private static final int IPV6_NETWORK_BYTES = 8;

    private ClientNetwork() {}

    /** The address, or the network of an IPv6 address; {@code unknown} if it is not a literal. */
    static String of(String address) {
        byte[] bytes;
        try {
            bytes = InetAddress.ofLiteral(address).getAddress();
        } catch (IllegalArgumentException e) {
            return "unknown"; // a proxy forwarded something else
        }
        if (bytes.length != IPV6_BYTES) {
            return address;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < IPV6_NETWORK_BYTES; i += 2) {
            text.append(Integer.toHexString((bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff))
                    .append(':');
        }
        return text.append(":/64").toString();
    }
}
