package dev.rung.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** Reads a payload's top-level members as the fields of a form, and encodes forms. */
final class FormFields {
    /**
     * Names the charset, because servlet containers read a form without one as ISO-8859-1, and then a signature over Chinese text
     * cannot be verified.
     */
    static final String CONTENT_TYPE = "application/x-www-form-urlencoded; charset=utf-8";

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

    private FormFields() {}

    /**
     * Why a payload cannot be carried, continuing the field's name.
     *
     * @param dialect for the message
     * @param reserved names that the dialect adds itself
     */
    static Optional<String> check(byte[] payload, String dialect, Set<String> reserved) {
        Map<String, String> fields;
        try {
            fields = read(payload, dialect);
        } catch (StreamReadException _) {
            return Optional.of("is not JSON");
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        for (Map.Entry<String, String> field : fields.entrySet()) {
            if (reserved.contains(field.getKey())) {
                return Optional.of("must not have a member \"" + field.getKey() + "\": the merchant's signing is "
                        + dialect + ", which adds a field of that name");
            }
            if (!isUtf8(field.getKey()) || !isUtf8(field.getValue())) {
                return Optional.of(
                        "must not have half a surrogate pair in a top-level member: the merchant's signing is "
                                + dialect + ", whose text is UTF-8");
            }
        }
        return Optional.empty();
    }

    /** JSON can escape half a surrogate pair, which has no UTF-8 encoding. */
    private static boolean isUtf8(String text) {
        return UTF_8.newEncoder().canEncode(text);
    }

    /**
     * The top-level members, in their order.
     *
     * @throws IllegalArgumentException if {@link #check} rejects the payload
     */
    static Map<String, String> read(byte[] payload, String dialect) {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), payload)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("must be a JSON object: the merchant's signing is " + dialect);
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                if (name.isEmpty()) {
                    throw new IllegalArgumentException(
                            "must not have a member without a name: the merchant's signing is " + dialect);
                }
                json.nextToken();
                fields.put(name, text(json, payload));
            }
            json.nextToken();
        }
        return fields;
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

    static byte[] encode(Map<String, String> fields) {
        StringBuilder form = new StringBuilder();
        fields.forEach((name, value) -> form.append(form.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, UTF_8)));
        return form.toString().getBytes(UTF_8);
    }
}
