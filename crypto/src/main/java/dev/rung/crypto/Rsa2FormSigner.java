package dev.rung.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Receiver;
import java.net.URLEncoder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * Converts a payload into a signed form in Alipay's dialect. Thread-safe.
 *
 * <p>The fields are the payload's top-level members in their order, then {@code notify_id}, {@code notify_time}, {@code notify_type}
 * (left out without an event type), {@code sign_type} and {@code sign}. Strings are unescaped; numbers, {@code true}, {@code
 * false}, {@code null}, objects and arrays are copied as their bytes in the payload. {@code notify_time} is the time of acceptance in
 * Alipay's form and Alipay's zone, GMT+8.
 *
 * <p>The signature is RSA2 over all fields but {@code sign} and {@code sign_type}, sorted by name, as {@code
 * AlipaySignature.rsaCheckV1} of Alipay's SDK verifies it.
 */
public final class Rsa2FormSigner {
    /**
     * Names the charset, because servlet containers read a form without one as ISO-8859-1, and then a signature over Chinese text
     * cannot be verified.
     */
    public static final String CONTENT_TYPE = "application/x-www-form-urlencoded; charset=utf-8";

    private static final Set<String> RESERVED = Set.of("notify_id", "notify_time", "notify_type", "sign_type", "sign");
    private static final DateTimeFormatter ALIPAY_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.ofHours(8));

    /** Payloads are limited by size only; no other limit may reject one that intake has accepted. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(1_000)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final SigningKeys keys;

    public Rsa2FormSigner(SigningKeys keys) {
        this.keys = keys;
    }

    /**
     * Why this dialect cannot carry a payload, continuing the field's name. Called before a notification is accepted.
     */
    public static Optional<String> check(byte[] payload) {
        SortedMap<String, String> signed = new TreeMap<>();
        try {
            read(payload, signed, new StringBuilder());
        } catch (StreamReadException _) {
            return Optional.of("is not JSON");
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        for (Map.Entry<String, String> field : signed.entrySet()) {
            if (RESERVED.contains(field.getKey())) {
                return Optional.of("must not have a member \"" + field.getKey()
                        + "\": the merchant's signing is rsa2-form, which adds a field of that name");
            }
            if (!isUtf8(field.getKey()) || !isUtf8(field.getValue())) {
                return Optional.of(
                        "must not have half a surrogate pair in a top-level member: the merchant's signing is"
                                + " rsa2-form, whose text is UTF-8");
            }
        }
        return Optional.empty();
    }

    /** JSON can escape half a surrogate pair, which has no UTF-8 encoding. */
    private static boolean isUtf8(String text) {
        return UTF_8.newEncoder().canEncode(text);
    }

    /**
     * The body to send.
     *
     * @param now decides which key signs, epoch milliseconds: while keys rotate, the oldest, because a form holds one
     *     signature
     * @throws IllegalArgumentException if {@link #check} rejects the payload
     * @throws IllegalStateException if the merchant's keys cannot be opened
     */
    public byte[] form(
            NotificationId id,
            MerchantId merchant,
            Receiver.Keys merchantKeys,
            Delivery.Content content,
            byte[] payload,
            long now) {
        SortedMap<String, String> signed = new TreeMap<>();
        StringBuilder form = new StringBuilder(payload.length + payload.length / 2 + 640);
        read(payload, signed, form);
        add(signed, form, "notify_id", id.toString());
        add(signed, form, "notify_time", ALIPAY_TIME.format(Instant.ofEpochMilli(content.createdAt())));
        String eventType = content.eventType();
        if (eventType != null) {
            add(signed, form, "notify_type", eventType);
        }
        byte[] signature = key(keys.at(merchant, merchantKeys, now))
                .sign(textToSign(signed).getBytes(UTF_8));
        field(form, "sign_type", "RSA2");
        field(form, "sign", Base64.getEncoder().encodeToString(signature));
        return form.toString().getBytes(UTF_8);
    }

    /** Copies the top-level members into the form and into the signed fields. */
    private static void read(byte[] payload, Map<String, String> signed, StringBuilder form) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), payload)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("must be a JSON object: the merchant's signing is rsa2-form");
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                if (name.isEmpty()) {
                    throw new IllegalArgumentException(
                            "must not have a member without a name: the merchant's signing is rsa2-form");
                }
                json.nextToken();
                add(signed, form, name, text(json, payload));
            }
            json.nextToken();
        }
    }

    private static String text(JsonParser json, byte[] payload) {
        if (!json.currentToken().isStructStart()) {
            return json.getString();
        }
        int from = (int) json.currentTokenLocation().getByteOffset();
        json.skipChildren();
        int to = (int) json.currentLocation().getByteOffset();
        return new String(payload, from, to - from, UTF_8);
    }

    private static void add(Map<String, String> signed, StringBuilder form, String name, String value) {
        signed.put(name, value);
        field(form, name, value);
    }

    private static void field(StringBuilder form, String name, String value) {
        form.append(form.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, UTF_8));
    }

    /** The fields as Alipay's SDK joins them: blank ones are in the form but not signed. */
    private static String textToSign(SortedMap<String, String> fields) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> field : fields.entrySet()) {
            if (!field.getKey().isBlank() && !field.getValue().isBlank()) {
                text.append(text.isEmpty() ? "" : "&")
                        .append(field.getKey())
                        .append('=')
                        .append(field.getValue());
            }
        }
        return text.toString();
    }

    private static SigningKey key(List<SigningKey> current) {
        for (SigningKey key : current.reversed()) {
            if (key instanceof SigningKey.Rsa) {
                return key;
            }
        }
        throw new IllegalStateException("the merchant's signing is rsa2-form, but its key is of another kind");
    }
}
