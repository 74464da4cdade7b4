package dev.rung.settings;

import dev.rung.channel.alipay.AlipayAccount;
import dev.rung.channel.wechatpay.WechatpayAccount;
import dev.rung.core.model.Ladder;
import dev.rung.core.port.DeadLetterStrategy;
import dev.rung.core.port.QueueProvider;
import dev.rung.delivery.http.AllowedTargets.Cidr;
import dev.rung.delivery.http.HttpProxy;
import dev.rung.store.spi.StoreProvider;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of a server, checked: what exists is valid. Immutable; never prints a secret.
 *
 * @param origins where each value came from
 */
public record Settings(
        Listen listen,
        Storage storage,
        Queue queue,
        Access access,
        Egress egress,
        Payments payments,
        LogFormat logFormat,
        Map<Setting, SettingOrigin> origins) {

    public Settings {
        origins = Map.copyOf(origins);
    }

    /** Where a setting's value came from. */
    public SettingOrigin origin(Setting setting) {
        return origins.getOrDefault(setting, new SettingOrigin.Default());
    }

    /**
     * Where the API is served.
     *
     * @param port 0 picks a free one
     * @param behindProxy a proxy in front speaks TLS
     */
    public record Listen(
            int port, InetAddress bind, @Nullable Tls tls, boolean behindProxy) {
        /** PEM files. */
        public record Tls(Path certificate, Path key) {}
    }

    /**
     * Where everything is stored.
     *
     * @param retention how long settled notifications are kept
     */
    public record Storage(StoreProvider.Config store, Duration retention) {

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
     * What carries wakes.
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
     * Who may call, and what seals secrets.
     *
     * @param apiKey null: generated and kept in the data dir
     * @param masterKey 32 bytes as base64; null: generated and kept in the data dir
     */
    public record Access(
            @Nullable Secret apiKey,
            @Nullable Secret viewerKey,
            @Nullable Secret masterKey) {}

    /**
     * What may be reached, through what, and how much at once.
     *
     * @param allowTargets networks that may be reached although they are loopback, private or otherwise special
     * @param proxy null: none
     */
    public record Egress(List<Cidr> allowTargets, @Nullable HttpProxy proxy, int maxInFlight) {
        public Egress {
            allowTargets = List.copyOf(allowTargets);
        }
    }

    /**
     * The payments' part.
     *
     * @param publicUrl where channels and payers reach this server, without a slash at the end; null: where it listens
     * @param alipay null: there is no such channel
     * @param wechatpay null: there is no such channel
     */
    public record Payments(
            boolean simulator,
            Ladder queryLadder,
            @Nullable URI publicUrl,
            @Nullable AlipayAccount alipay,
            @Nullable WechatpayAccount wechatpay) {}

    /** How log lines look. */
    public enum LogFormat {
        TEXT,
        JSON
    }
}
