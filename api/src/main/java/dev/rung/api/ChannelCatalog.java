package dev.rung.api;

import dev.rung.payments.model.PaymentMethod;
import java.util.List;
import java.util.Optional;

/** The channel accounts of this server. Thread-safe. */
@FunctionalInterface
public interface ChannelCatalog {
    List<Entry> accounts();

    /** The account of this name. */
    default Optional<Entry> find(String name) {
        return accounts().stream()
                .filter(account -> account.name().equals(name))
                .findFirst();
    }

    /**
     * An account.
     *
     * @param methods of paying; the first is the default
     */
    record Entry(String name, String type, List<PaymentMethod> methods) {}
}
