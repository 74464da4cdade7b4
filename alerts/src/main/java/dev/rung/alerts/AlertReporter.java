package dev.rung.alerts;

import dev.rung.core.flow.NotificationOutbox;
import dev.rung.core.model.AlertKind;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.port.AlertStore;
import dev.rung.core.port.AlertStore.Group;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Acceptance;
import dev.rung.core.port.StoreException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Makes one alert of each group whose window is over: a delivery of kind {@link DeliveryKind#ALERT}, which the engine stores and delivers as any
 * other. The idempotency key is the group's, so that a crash, or another server, makes no second alert of it. Thread-safe.
 */
public final class AlertReporter {
    private static final Logger LOG = LoggerFactory.getLogger(AlertReporter.class);

    /** How often {@link #run} is to be called. */
    public static final Duration EVERY = Duration.ofSeconds(1);

    /** Alerts belong to no merchant. */
    private static final MerchantId OWNER = new MerchantId(0);

    static final ReceiverId RECEIVER = ReceiverId.own(OWNER);

    private static final int GROUPS = 200;
    /** Without a receiver of alerts, groups are dropped after this time. */
    private static final Duration DROPPED_AFTER = Duration.ofMinutes(1);

    private static final byte[] NO_DIGEST = new byte[32];
    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final AlertStore alerts;
    private final NotificationStore notifications;
    private final NotificationOutbox outbox;
    private final MerchantStore merchants;
    private final InstantSource clock;
    private final @Nullable AlertSettings settings;

    /**
     * A reporter.
     *
     * @param settings null: there is no receiver of alerts
     */
    public AlertReporter(
            AlertStore alerts,
            NotificationStore notifications,
            NotificationOutbox outbox,
            MerchantStore merchants,
            InstantSource clock,
            @Nullable AlertSettings settings) {
        this.alerts = alerts;
        this.notifications = notifications;
        this.outbox = outbox;
        this.merchants = merchants;
        this.clock = clock;
        this.settings = settings;
    }

    /** In which format alerts are sent; empty if there is no receiver of alerts. */
    public Optional<AlertFormat> format() {
        return Optional.ofNullable(settings).map(AlertSettings::format);
    }

    /** Reports the groups that are due. Blocks for the store. */
    public void run() {
        long now = clock.millis();
        for (Group group : alerts.pending(GROUPS)) {
            Duration window = settings == null ? DROPPED_AFTER : group.kind().window();
            if (now - group.since() >= window.toMillis()) {
                report(group, now);
            }
        }
    }

    /** One that cannot be reported does not hold up the others. */
    private void report(Group group, long now) {
        try {
            Group reported = group;
            if (settings != null) {
                String key = group.kind().code() + ":" + group.since() + ":" + group.subject();
                reported = send(group, key, settings, now).reported();
            }
            alerts.reported(reported, now);
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("an alert of kind {} cannot be written", group.kind().text(), e);
        }
    }

    /**
     * An alert.
     *
     * @param reported what it reports: if another server, or this one before a crash, made it, less may have been counted then
     */
    private record Sent(NotificationId id, Group reported) {}

    /**
     * Sends a test alert. Blocks for the store.
     *
     * @return its id; empty if there is no receiver of alerts
     */
    public Optional<NotificationId> test() {
        long now = clock.millis();
        return settings == null
                ? Optional.empty()
                : Optional.of(send(new Group(AlertKind.TEST, "", 1, now, null), null, settings, now)
                        .id());
    }

    private Sent send(Group group, @Nullable String key, AlertSettings to, long now) {
        NotificationRequest request = new NotificationRequest(
                OWNER,
                null,
                DeliveryKind.ALERTS,
                DeliveryKind.ALERTS,
                null,
                group.kind().text(),
                payload(group, to.format(), now),
                Objects.requireNonNull(Ladder.presets().get(Ladder.DEFAULT_NAME)),
                Ladder.DEFAULT_NAME,
                true,
                now,
                null,
                false,
                false,
                key == null ? null : new NewNotification.Idempotency(shortened(key), NO_DIGEST),
                null);
        NewNotification alert = outbox.prepareQuery(request);
        Acceptance accepted = notifications.accept(List.of(alert)).getFirst();
        return switch (accepted) {
            case Acceptance.Stored(NewNotification stored) -> {
                outbox.committed(stored);
                yield new Sent(stored.id(), group);
            }
            case Acceptance.Repeated(NotificationId first) -> new Sent(first, asReported(group, first));
            case Acceptance.Conflicting(NotificationId first) -> new Sent(first, asReported(group, first));
        };
    }

    private Group asReported(Group group, NotificationId alert) {
        byte[] payload = notifications.payload(alert);
        long count = payload == null ? group.count() : Math.min(count(payload), group.count());
        return new Group(group.kind(), group.subject(), count, group.since(), group.detail());
    }

    private static long count(byte[] payload) {
        try (JsonParser p = JSON.createParser(ObjectReadContext.empty(), payload)) {
            while (p.nextToken() != null) {
                if ("count".equals(p.currentName()) && p.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                    return p.getLongValue();
                }
            }
            return Long.MAX_VALUE;
        }
    }

    private static String shortened(String key) {
        return key.substring(0, Math.min(key.length(), NewNotification.Idempotency.KEY_LENGTH_MAX));
    }

    /** The event of Standard Webhooks; other formats use its text. */
    private byte[] payload(Group group, AlertFormat format, long now) {
        AlertSubject subject = AlertSubject.of(group, merchants);
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator g = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            g.writeStartObject();
            g.writeStringProperty("type", group.kind().text());
            g.writeStringProperty("timestamp", time(now));
            g.writeName("data");
            g.writeStartObject();
            g.writeStringProperty(
                    "text", AlertText.of(group, subject == null ? null : subject.name(), now, format.isChinese()));
            if (subject != null) {
                g.writeStringProperty(
                        "merchant_id", subject.receiver().merchant().toString());
                if (subject.receiver().endpoint() != null) {
                    g.writeStringProperty(
                            "endpoint_id", subject.receiver().endpoint().toString());
                }
            } else if (group.kind() == AlertKind.CHANNEL_FAILING || group.kind() == AlertKind.CHANNEL_RECOVERED) {
                g.writeStringProperty("channel", group.subject());
            }
            g.writeNumberProperty("count", group.count());
            g.writeStringProperty("since", time(group.since()));
            if (group.detail() != null) {
                g.writeStringProperty("detail", group.detail());
            }
            g.writeEndObject();
            g.writeEndObject();
        }
        return out.toByteArray();
    }

    static String time(long epochMillis) {
        return TIME.format(Instant.ofEpochMilli(epochMillis));
    }
}
