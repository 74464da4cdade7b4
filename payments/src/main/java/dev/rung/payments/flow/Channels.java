package dev.rung.payments.flow;

import dev.rung.payments.port.PaymentChannel;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The channels of this server, by name. They can be replaced while the server runs. Thread-safe. */
final class Channels {
    private final PaymentsListener listener;
    private volatile NavigableMap<String, GuardedChannel> channels = new TreeMap<>();

    Channels(List<PaymentChannel> channels, PaymentsListener listener) {
        this.listener = listener;
        replace(channels);
    }

    /** From now on these are the channels; calls of others that are in progress are completed. */
    synchronized void replace(List<PaymentChannel> next) {
        NavigableMap<String, GuardedChannel> before = channels;
        NavigableMap<String, GuardedChannel> after = new TreeMap<>();
        for (PaymentChannel channel : next) {
            GuardedChannel known = before.get(channel.name());
            after.put(
                    channel.name(),
                    known != null && known.unguarded().equals(channel) ? known : new GuardedChannel(channel, listener));
        }
        channels = after;
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
