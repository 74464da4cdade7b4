package dev.rung.web;

import java.net.InetAddress;

/**
 * Whether requests from loopback are local.
 *
 * @param trusted false behind a proxy, whose requests all come from loopback
 */
public record LoopbackTrust(boolean trusted) {
    /** Whether a request from this address is local. */
    public boolean includes(String address) {
        return trusted && InetAddress.ofLiteral(address).isLoopbackAddress();
    }
}
