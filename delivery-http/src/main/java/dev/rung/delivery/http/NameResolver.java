package dev.rung.delivery.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Resolves names to addresses. May block. Thread-safe. */
@FunctionalInterface
public interface NameResolver {
    /** The resolver of the JDK. */
    NameResolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /**
     * Resolves a name.
     *
     * @return at least one, the preferred first
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
