package dev.rung.delivery.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Distinguishes public internet addresses from special-purpose ones.
 *
 * <p>Sources: the IANA registries of special-purpose IPv4 and IPv6 addresses, and of IPv6 global unicast addresses. For IPv6
 * only 2000::/3 counts as public, which is all that has been allocated, minus the special ranges in it.
 */
final class SpecialAddresses {
    private static final List<Cidr> IPV4 = networks(
            "0.0.0.0/8", // this network
            "10.0.0.0/8", // private
            "100.64.0.0/10", // carriers' NAT; Alibaba's metadata is 100.100.100.200
            "127.0.0.0/8", // loopback
            "168.63.129.16/32", // Azure's host agent, in a public range
            "169.254.0.0/16", // link-local; most clouds' metadata is 169.254.169.254
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocol assignments; Oracle's metadata is 192.0.0.192
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // relays of 6to4, withdrawn
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"); // reserved, and broadcast

    private static final Cidr IPV6_GLOBAL_UNICAST = Cidr.parse("2000::/3");
    private static final List<Cidr> IPV6_NOT_PUBLIC = networks(
            "2001::/23", // protocol assignments: Teredo, benchmarks, ORCHID …
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4: embeds an IPv4 address
            "3fff::/20"); // documentation

    /** NAT64's well-known prefix (RFC 6052): the last four bytes are the IPv4 address. */
    private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");

    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private SpecialAddresses() {}

    private static List<Cidr> networks(String... texts) {
        return Arrays.stream(texts).map(Cidr::parse).toList();
    }

    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return !in(IPV4, bytes);
        }
        if (NAT64.contains(bytes)) {
            return !in(IPV4, Arrays.copyOfRange(bytes, 12, 16));
        }
        return IPV6_GLOBAL_UNICAST.contains(bytes) && !in(IPV6_NOT_PUBLIC, bytes);
    }

    private static boolean in(List<Cidr> networks, byte[] address) {
        for (Cidr network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** The IPv4 address of an IPv4-mapped IPv6 address (::ffff:a.b.c.d), which is where a connection would go. */
    static InetAddress unmapped(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address || !Arrays.equals(bytes, 0, 12, MAPPED, 0, 12)) {
            return address;
        }
        return address(Arrays.copyOfRange(bytes, 12, 16));
    }

    static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length, e);
        }
    }
}
