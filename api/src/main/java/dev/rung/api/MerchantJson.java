package dev.rung.api;

import dev.rung.core.flow.ReceiverHealth;
import dev.rung.core.model.Durations;
import dev.rung.core.model.Endpoint;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.Signing;
import dev.rung.web.JsonWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes merchants and endpoints as JSON, without their secrets. */
final class MerchantJson {
    private MerchantJson() {}

    /** Writes all members except the health; the caller ends the object. */
    static void members(JsonGenerator g, Merchant m) {
        g.writeStringProperty("id", m.id().toString());
        g.writeStringProperty("name", m.name());
        Receiver receiver = m.receiver();
        g.writeStringProperty("notify_url", receiver.url());
        settings(g, receiver);
        if (m.channels().isEmpty()) {
            g.writeNullProperty("channels");
        } else {
            g.writeArrayPropertyStart("channels");
            m.channels().forEach(g::writeString);
            g.writeEndArray();
        }
        Merchant.AtChannels atChannels = m.atChannels();
        g.writeStringProperty("sub_mchid", atChannels.subMchid());
        g.writeStringProperty("sub_appid", atChannels.subAppid());
        g.writeStringProperty("app_auth_token", atChannels.appAuthToken() == null ? null : "***");
        JsonWriter.time(g, "created_at", m.createdAt());
    }

    /** Writes all members of an endpoint except the health; the caller ends the object. */
    static void members(JsonGenerator g, MerchantId merchant, Endpoint e) {
        g.writeStringProperty("id", e.id().toString());
        g.writeStringProperty("merchant_id", merchant.toString());
        g.writeStringProperty("name", e.name());
        g.writeStringProperty("url", e.receiver().url());
        g.writeArrayPropertyStart("events");
        e.events().forEach(g::writeString);
        g.writeEndArray();
        settings(g, e.receiver());
        JsonWriter.time(g, "created_at", e.createdAt());
    }

    /** Without the key. */
    private static void tls(JsonGenerator g, Receiver.@Nullable Tls tls) {
        if (tls == null) {
            g.writeNullProperty("tls");
            return;
        }
        g.writeObjectPropertyStart("tls");
        g.writeStringProperty("ca", tls.ca());
        g.writeStringProperty("client_cert", tls.clientCert());
        g.writeStringProperty("client_key", tls.sealedKey() == null ? null : "***");
        g.writeEndObject();
    }

    private static void settings(JsonGenerator g, Receiver receiver) {
        LadderFields.write(g, "ladder", receiver.ladder());
        g.writeStringProperty("acknowledge", receiver.acknowledge().text());
        g.writeStringProperty("signing", receiver.keys().signing().text());
        if (receiver.keys().publicKey() != null) {
            g.writeStringProperty("public_key", receiver.keys().publicKey());
        }
        JsonWriter.time(g, "previous_key_until", receiver.keys().earlierUntil());
        g.writeNumberProperty("max_in_flight", receiver.maxInFlight());
        g.writeStringProperty("state", receiver.paused() ? "paused" : "active");
        g.writeStringProperty("timeout", Durations.text(receiver.timeout()));
        if (receiver.rate() == null) {
            g.writeNullProperty("rate");
        } else {
            g.writeNumberProperty("rate", receiver.rate());
        }
        g.writeObjectPropertyStart("headers");
        if (receiver.headers() != null) {
            receiver.headers().names().forEach(name -> g.writeStringProperty(name, "***"));
        }
        g.writeEndObject();
        tls(g, receiver.tls());
        g.writeBooleanProperty("trace_context", receiver.traceContext());
        if (receiver.keys().signing().equals(Signing.HMAC_HEX)) {
            g.writeStringProperty("signature_header", receiver.signatureHeaderOrDefault());
        }
    }

    /**
     * Writes a receiver's health on this server.
     *
     * @param parked deliveries that are held back in the store, by all servers
     */
    static void health(JsonGenerator g, ReceiverHealth health, int parked) {
        g.writeObjectPropertyStart("health");
        g.writeStringProperty("standing", health.standing().name().toLowerCase(Locale.ROOT));
        g.writeNumberProperty("in_flight", health.inFlight());
        g.writeNumberProperty("limit", health.limit());
        g.writeNumberProperty("waiting", health.waiting() + parked);
        if (health.successRate() == null) {
            g.writeNullProperty("success_rate");
        } else {
            g.writeNumberProperty("success_rate", Math.round(health.successRate() * 1_000) / 1_000.0);
        }
        g.writeEndObject();
    }
}
