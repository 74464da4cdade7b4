package dev.rung.delivery.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a name. May block. Thread-safe. */
@FunctionalInterface
public interface NameResolver {
    /** As the machine does it. */
    NameResolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /**
     * Looks a name up.
     *
     * @return at least one, the preferred first
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
