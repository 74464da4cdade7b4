package dev.rung.payments.flow;

import dev.rung.core.model.MerchantId;
import dev.rung.payments.port.PaymentChannel;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The channels of this server, by name. */
final class Channels {
    /** Which reserved merchant's the queries at each channel are. They stand in stored records: never to be changed, nor given to another. */
    private static final Map<String, MerchantId> QUERIED_AS =
            Map.of("simulator", new MerchantId(1), "alipay", new MerchantId(2), "wechatpay", new MerchantId(3));

    private final TreeMap<String, GuardedChannel> channels = new TreeMap<>();

    Channels(List<PaymentChannel> channels, PaymentsListener listener) {
        for (PaymentChannel channel : channels) {
            if (!QUERIED_AS.containsKey(channel.name())) {
                throw new IllegalArgumentException("no merchant id is reserved for the channel " + channel.name());
            }
            this.channels.put(channel.name(), new GuardedChannel(channel, listener));
        }
    }

    Set<String> names() {
        return channels.navigableKeySet();
    }

    /** Null where this server has none of that name. */
    @Nullable GuardedChannel find(String name) {
        return channels.get(name);
    }

    /** One that the caller knows to be there. */
    GuardedChannel get(String name) {
        GuardedChannel channel = find(name);
        if (channel == null) {
            throw new IllegalArgumentException("this server has no channel " + name);
        }
        return channel;
    }

    /** Under which merchant id the queries at a channel ride. */
    static MerchantId queriedAs(String name) {
        return Objects.requireNonNull(QUERIED_AS.get(name), name);
    }
}
