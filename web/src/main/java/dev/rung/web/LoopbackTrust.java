package dev.rung.web;

import java.net.InetAddress;
import java.util.Locale;

/**
 * Whether requests from loopback are local.
 *
 * @param trusted false behind a proxy, whose requests all come from loopback
 */
public record LoopbackTrust(boolean trusted) {
    /**
     * Whether a request is local: it comes from loopback and names loopback as its host. A page of another site, opened by
     * a browser on this machine, may reach loopback by a name of its own (DNS rebinding).
     *
     * @param address of the client, a literal
     * @param host that the request names
     */
    public boolean includes(String address, String host) {
        return trusted && isLoopback(address) && namesLoopback(host.toLowerCase(Locale.ROOT));
    }

    private static boolean namesLoopback(String host) {
        return host.equals("localhost") || host.endsWith(".localhost") || isLoopback(host);
    }

    private static boolean isLoopback(String address) {
        try {
            String literal = address.startsWith("[") ? address.substring(1, address.length() - 1) : address;
            return InetAddress.ofLiteral(literal).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
