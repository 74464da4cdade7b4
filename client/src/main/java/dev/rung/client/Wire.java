package dev.rung.client;

import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** Maps the API's JSON. */
final class Wire {
    static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
            .addModule(new SimpleModule()
                    .addDeserializer(Duration.class, new DurationReader())
                    .addSerializer(Duration.class, new DurationWriter()))
            .build();

    private Wire() {}

    private static final class DurationReader extends ValueDeserializer<Duration> {
        @Override
        public Duration deserialize(JsonParser json, DeserializationContext context) {
            return Durations.parse(json.getString());
        }
    }

    private static final class DurationWriter extends ValueSerializer<Duration> {
        @Override
        public void serialize(Duration duration, JsonGenerator json, SerializationContext context) {
            json.writeString(Durations.text(duration));
        }
    }

    static <T> T read(byte[] body, TypeReference<T> type) {
        return JSON.readValue(body, type);
    }

    /** Writes a notification's request, with the payload unchanged. */
    static String notification(NewNotification n) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(json, n, false);
        }
        return text.toString();
    }

    static String batch(List<NewNotification> all) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("notifications");
            for (NewNotification n : all) {
                write(json, n, true);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, NewNotification n, boolean inBatch) {
        json.writeStartObject();
        text(json, "merchant_id", n.merchantId());
        text(json, "order_no", n.orderNo());
        text(json, "event_type", n.eventType());
        json.writeName("payload");
        json.writeRawValue(n.payload());
        text(json, "url", n.url());
        if (n.ladder() != null) {
            json.writeName("ladder");
            json.writePOJO(n.ladder().json());
        }
        text(json, "deliver_at", time(n.deliverAt()));
        if (n.ordered()) {
            json.writeBooleanProperty("ordered", true);
        }
        if (inBatch) {
            text(json, "idempotency_key", n.idempotencyKey());
        }
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String name, @Nullable String value) {
        if (value != null) {
            json.writeStringProperty(name, value);
        }
    }

    static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
