package dev.rung.api;

import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.channel.ChannelType;
import dev.rung.payments.model.PaymentMethod;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The channel accounts: those of this server's settings, and those that were created by the API, which all servers share. Thread-safe. */
public interface ChannelCatalog {
    /** All accounts, by name. */
    List<Entry> accounts();

    /** The account of this name, as it is now on all servers. */
    Optional<Entry> find(String name);

    /** The types that accounts can have. */
    Collection<ChannelType> types();

    /**
     * Opens and stores a new account. The other servers have it within a second.
     *
     * @return false if there is one of this name
     * @throws IllegalArgumentException if it cannot be opened; the message gives the reason without secrets
     */
    boolean add(ChannelAccount account);

    /**
     * Opens and stores a changed account in place of the one that was read.
     *
     * @return false if it has changed meanwhile, or is one of the settings
     * @throws IllegalArgumentException if it cannot be opened; the message gives the reason without secrets
     */
    boolean replace(ChannelAccount before, ChannelAccount after);

    /** Removes an account that was created by the API; false if there is none. */
    boolean remove(String name);

    /**
     * An account.
     *
     * @param isInSettings whether it is one of this server's settings, which the API cannot change
     */
    record Entry(ChannelType type, ChannelAccount account, boolean isInSettings) {
        public String name() {
            return account.name();
        }

        /** The methods of paying; the first is the default. */
        public List<PaymentMethod> methods() {
            return type.methods(account);
        }
    }
}
