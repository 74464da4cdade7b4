package dev.rung.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A merchant, and the receivers of its notifications.
 *
 * @param receiver its own URL, with the settings
 * @param endpoints its further receivers, oldest first
 * @param channels the channel accounts that its payments may use; empty: any
 * @param atChannels how channels know it, where a service provider takes its payments
 * @param deletedAt epoch milliseconds; null if it is not deleted. A deleted merchant receives nothing; its records stay
 * @param version rises with every change of the merchant or its endpoints, so that caches can tell
 */
public record Merchant(
        MerchantId id,
        String name,
        Receiver receiver,
        List<Endpoint> endpoints,
        List<String> channels,
        AtChannels atChannels,
        @Nullable Long deletedAt,
        long createdAt,
        long version) {

    /**
     * How channels know a merchant whose payments are taken by a service provider; instead of what its account says.
     *
     * @param subMchid its number at WeChat Pay
     * @param subAppid its app at WeChat; null: the service provider's
     * @param appAuthToken its authorization at Alipay, sealed under the master key
     */
    @SuppressWarnings("ArrayRecordComponent") // passed from store to vault; never compared
    public record AtChannels(
            @Nullable String subMchid, @Nullable String subAppid, byte @Nullable [] appAuthToken) {
        public static final AtChannels NONE = new AtChannels(null, null, null);
    }

    /** A merchant without endpoints. */
    public Merchant(MerchantId id, String name, Receiver receiver, long createdAt, long version) {
        this(id, name, receiver, List.of(), List.of(), AtChannels.NONE, null, createdAt, version);
    }

    public boolean isDeleted() {
        return deletedAt != null;
    }

    public Optional<Endpoint> endpoint(EndpointId endpoint) {
        return endpoints.stream().filter(each -> each.id().equals(endpoint)).findFirst();
    }

    /** The settings of one of its receivers; null if it does not exist, or no longer. */
    public @Nullable Receiver receiver(ReceiverId which) {
        if (isDeleted()) {
            return null;
        }
        EndpointId endpoint = which.endpoint();
        return endpoint == null
                ? receiver
                : endpoint(endpoint).map(Endpoint::receiver).orElse(null);
    }

    /** Its receivers for notifications of this type: its own URL first, if it has one. */
    public List<ReceiverId> receivers(boolean ownUrl, @Nullable String eventType) {
        if (isDeleted()) {
            return List.of();
        }
        boolean own = ownUrl || receiver.url() != null;
        if (endpoints.isEmpty()) {
            return own ? List.of(ReceiverId.own(id)) : List.of();
        }
        List<ReceiverId> all = new ArrayList<>();
        if (own) {
            all.add(ReceiverId.own(id));
        }
        for (Endpoint endpoint : endpoints) {
            if (endpoint.receives(eventType)) {
                all.add(new ReceiverId(id, endpoint.id()));
            }
        }
        return all;
    }

    public Merchant withName(String newName) {
        return new Merchant(id, newName, receiver, endpoints, channels, atChannels, deletedAt, createdAt, version);
    }

    /** The same merchant, notified otherwise at its own URL. */
    public Merchant withReceiver(Receiver newReceiver) {
        return new Merchant(id, name, newReceiver, endpoints, channels, atChannels, deletedAt, createdAt, version);
    }

    /** The same merchant, its own URL paused or not. */
    public Merchant withPaused(boolean nowPaused) {
        return withReceiver(receiver.withPaused(nowPaused));
    }

    /** The same merchant, bound to these channel accounts; empty: to none. */
    public Merchant withChannels(List<String> accounts) {
        return new Merchant(
                id, name, receiver, endpoints, List.copyOf(accounts), atChannels, deletedAt, createdAt, version);
    }

    public Merchant withAtChannels(AtChannels newAtChannels) {
        return new Merchant(id, name, receiver, endpoints, channels, newAtChannels, deletedAt, createdAt, version);
    }

    /** Whether its payments may use this channel account. */
    public boolean mayUse(String channel) {
        return channels.isEmpty() || channels.contains(channel);
    }

    public Merchant withEndpoints(List<Endpoint> newEndpoints) {
        return new Merchant(
                id, name, receiver, List.copyOf(newEndpoints), channels, atChannels, deletedAt, createdAt, version);
    }

    /** The same merchant with this endpoint, which replaces the one with its id. */
    public Merchant withEndpoint(Endpoint changed) {
        if (endpoint(changed.id()).isEmpty()) {
            List<Endpoint> more = new ArrayList<>(endpoints);
            more.add(changed);
            return withEndpoints(more);
        }
        return withEndpoints(endpoints.stream()
                .map(each -> each.id().equals(changed.id()) ? changed : each)
                .toList());
    }

    public Merchant withoutEndpoint(EndpointId endpoint) {
        return withEndpoints(
                endpoints.stream().filter(each -> !each.id().equals(endpoint)).toList());
    }

    public Merchant withDeletedAt(long at) {
        return new Merchant(id, name, receiver, endpoints, channels, atChannels, at, createdAt, version);
    }

    /** The same merchant with this version, which the store sets. */
    public Merchant withVersion(long newVersion) {
        return new Merchant(id, name, receiver, endpoints, channels, atChannels, deletedAt, createdAt, newVersion);
    }
}
