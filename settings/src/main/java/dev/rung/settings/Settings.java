package dev.rung.settings;

import dev.rung.alerts.AlertSettings;
import dev.rung.core.model.Ladder;
import dev.rung.core.port.DeadLetterStrategy;
import dev.rung.core.port.QueueProvider;
import dev.rung.crypto.dialect.SigningDialect;
import dev.rung.delivery.http.Cidr;
import dev.rung.delivery.http.HttpProxy;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.channel.ChannelType;
import dev.rung.payments.model.RefundLimits;
import dev.rung.store.spi.StoreProvider;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The validated settings of a server. Immutable; never prints a secret.
 *
 * @param management null: on the port of everything else
 * @param alerts null: alerts are not sent
 * @param tracing null: no spans are recorded
 * @param origins the origin of each value
 */
public record Settings(
        Listen listen,
        @Nullable Management management,
        Storage storage,
        Queue queue,
        Access access,
        Egress egress,
        Payments payments,
        @Nullable AlertSettings alerts,
        Drain drain,
        LogFormat logFormat,
        @Nullable Tracing tracing,
        Map<Setting, SettingOrigin> origins) {

    public Settings {
        origins = Map.copyOf(origins);
    }

    /** The origin of a setting's value. */
    public SettingOrigin origin(Setting setting) {
        return origins.getOrDefault(setting, new SettingOrigin.Default());
    }

    /**
     * The HTTP listener.
     *
     * @param port 0 for any free port
     * @param behindProxy whether a proxy in front terminates TLS
     * @param trustedProxies whose {@code X-Forwarded-*} headers are trusted
     */
    public record Listen(
            int port, InetAddress bind, @Nullable Tls tls, boolean behindProxy, List<Cidr> trustedProxies) {
        public Listen {
            trustedProxies = List.copyOf(trustedProxies);
        }

        /** PEM files. */
        public record Tls(Path certificate, Path key) {}
    }

    /** The listener of {@code /metrics} and {@code /actuator}, which are then not served by {@link Listen}. Plain HTTP. */
    public record Management(int port, InetAddress bind) {}

    /**
     * Where everything is stored.
     *
     * @param retention how long settled notifications are kept
     * @param auditRetention how long the audit log is kept
     * @param recordsRetention how long payments, refunds, discrepancies and reconciliations are kept
     */
    public record Storage(
            StoreProvider.Config store, Duration retention, Duration auditRetention, Duration recordsRetention) {

        public Path dataDir() {
            return store.dataDir();
        }

        /** Everything is in the data directory. */
        public boolean isEmbedded() {
            return store.url() == null;
        }

        public StoreProvider provider() {
            return StoreProvider.forUrl(store.url())
                    .orElseThrow(() -> new IllegalStateException("no store is installed for " + store));
        }
    }

    /**
     * The wake queue.
     *
     * @param rabbitmqUri null: in-process
     */
    public record Queue(@Nullable Secret rabbitmqUri, DeadLetterStrategy deadLetterStrategy) {

        public QueueProvider provider() {
            return QueueProvider.forUri(uri())
                    .orElseThrow(() -> new IllegalStateException("no queue is installed for --rabbitmq-uri"));
        }

        private @Nullable String uri() {
            return rabbitmqUri == null ? null : rabbitmqUri.reveal();
        }
    }

    /** The settings that the queue is opened with. */
    public QueueProvider.Config queueConfig() {
        return new QueueProvider.Config(queue.uri(), queue.deadLetterStrategy(), egress.maxInFlight());
    }

    /**
     * Who may sign in.
     *
     * @param apiKey null to generate it in the data dir
     * @param masterKey 32 bytes as base64; null to generate it in the data dir
     * @param oidc null without sign-in by OpenID Connect
     */
    public record Access(
            @Nullable Secret apiKey,
            @Nullable Secret viewerKey,
            @Nullable Secret masterKey,
            @Nullable Oidc oidc) {}

    /**
     * Console sign-in by OpenID Connect.
     *
     * @param clientSecret null for a public client
     * @param operators claim values that grant the role operator
     * @param viewers claim values that grant the role viewer
     */
    public record Oidc(
            String issuer,
            String clientId,
            @Nullable Secret clientSecret,
            Set<String> operators,
            Set<String> viewers,
            String claim) {
        public Oidc {
            operators = Set.copyOf(operators);
            viewers = Set.copyOf(viewers);
        }
    }

    /**
     * Outgoing requests.
     *
     * @param allowTargets loopback, private or other special networks that are allowed
     * @param proxy null for direct connections
     * @param dialects those of plugins
     */
    public record Egress(
            List<Cidr> allowTargets, @Nullable HttpProxy proxy, int maxInFlight, List<SigningDialect> dialects) {
        public Egress {
            dialects = List.copyOf(dialects);
            allowTargets = List.copyOf(allowTargets);
        }
    }

    /**
     * The settings of payments.
     *
     * @param refundLimits the amounts above which a second person approves
     * @param publicUrl the URL at which channels and payers reach this server, without a trailing slash; null: its listen address
     * @param types the available channel types, including those of plugins
     * @param channels the accounts with their types
     */
    public record Payments(
            Ladder queryLadder,
            RefundLimits refundLimits,
            @Nullable URI publicUrl,
            ChannelTypes types,
            List<Channel> channels) {
        public Payments {
            channels = List.copyOf(channels);
        }

        /** An account at a channel. */
        public record Channel(ChannelType type, ChannelAccount account) {}
    }

    /**
     * How the server stops.
     *
     * @param delay during which it is not ready, but still works
     * @param timeout of attempts in flight after that
     */
    public record Drain(Duration delay, Duration timeout) {}

    /**
     * Where spans are sent.
     *
     * @param endpoint the collector's base URL
     * @param sampler which traces are recorded: {@code parentbased_always_on}
     * @param ratio from 0 to 1, for a sampler by ratio
     */
    public record Tracing(URI endpoint, String serviceName, String sampler, double ratio) {}

    /** The format of log lines. */
    public enum LogFormat {
        TEXT,
        JSON
    }
}
