package dev.rung.payments.flow;

import dev.rung.payments.port.PaymentChannel;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The channels of this server, by name. */
final class Channels {
    private final TreeMap<String, GuardedChannel> channels = new TreeMap<>();

    Channels(List<PaymentChannel> channels, PaymentsListener listener) {
        for (PaymentChannel channel : channels) {
            this.channels.put(channel.name(), new GuardedChannel(channel, listener));
        }
    }

    Set<String> names() {
        return channels.navigableKeySet();
    }

    /** The channel of this name; null if this server has none. */
    @Nullable GuardedChannel find(String name) {
        return channels.get(name);
    }

    /**
     * The channel of this name.
     *
     * @throws IllegalArgumentException if this server has none, which the caller must have checked
     */
    GuardedChannel get(String name) {
        GuardedChannel channel = find(name);
        if (channel == null) {
            throw new IllegalArgumentException("this server has no channel " + name);
        }
        return channel;
    }
}
