package dev.rung.spring;

import dev.rung.client.WebhookVerifier;
import dev.rung.spring.webhook.WebhookDialect;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code rung.*}.
 *
 * @param url of the servers; the next one is asked when one does not answer
 * @param apiKey of the client
 * @param merchantId of {@code Outbox.notification}
 * @param timeout for each response
 */
@ConfigurationProperties("rung")
public record RungProperties(
        @DefaultValue List<URI> url,
        @Nullable String apiKey,
        @Nullable String merchantId,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue Outbox outbox,
        @DefaultValue Webhook webhook) {

    /** When to create a table. */
    public enum InitializeSchema {
        /** In H2 only. */
        EMBEDDED,
        ALWAYS,
        NEVER
    }

    /**
     * The properties {@code rung.outbox.*}.
     *
     * @param enabled whether there is an {@code Outbox}
     * @param relay whether this process submits what is in the outbox
     * @param batchSize at most 1,000
     * @param pollInterval between checks for rows that other processes have added or left
     * @param lease how long the notifications of a killed process wait; longer than {@code timeout} times the number of servers
     */
    public record Outbox(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("true") boolean relay,
            @DefaultValue("100") int batchSize,
            @DefaultValue("1s") Duration pollInterval,
            @DefaultValue("30s") Duration lease,
            @DefaultValue("embedded") InitializeSchema initializeSchema) {}

    /**
     * The properties {@code rung.webhook.*}, of an application that receives notifications.
     *
     * @param secret the merchant's signing secrets, or public keys; during a rotation the old and the new one
     * @param signatureHeader of the dialect {@code hmac-hex}
     * @param tolerance maximum difference of a request's time, in both directions
     * @param acknowledgement the body that acknowledges a repetition
     * @param keepFor how long ids are kept in the table {@code rung_webhook}
     */
    public record Webhook(
            @DefaultValue List<String> secret,
            @DefaultValue("standard") WebhookDialect dialect,
            @DefaultValue("X-Signature") String signatureHeader,
            @DefaultValue("5m") Duration tolerance,
            @DefaultValue("success") String acknowledgement,
            @DefaultValue("30d") Duration keepFor,
            @DefaultValue("embedded") InitializeSchema initializeSchema) {

        /** Null if there is no secret. */
        @Nullable WebhookVerifier verifier(InstantSource clock) {
            return secret.isEmpty() ? null : dialect.verifier(secret, signatureHeader, tolerance, clock);
        }

        /** Without the secrets. */
        @Override
        public String toString() {
            return "Webhook[" + dialect + "]";
        }
    }

    /** Without the key and the secrets. */
    @Override
    public String toString() {
        return "RungProperties[" + url + "]";
    }
}
