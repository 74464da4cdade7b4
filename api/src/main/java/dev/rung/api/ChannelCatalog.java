package dev.rung.api;

import java.util.List;

/** The channel accounts of this server. Thread-safe. */
@FunctionalInterface
public interface ChannelCatalog {
    List<Entry> accounts();

    /**
     * An account.
     *
     * @param methods of paying; the first is the default
     */
    record Entry(String name, String type, List<String> methods) {}
}
