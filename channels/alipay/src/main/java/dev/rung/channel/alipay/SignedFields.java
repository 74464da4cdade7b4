package dev.rung.channel.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Encodes fields for Alipay's signature and as a form. */
final class SignedFields {
    private SignedFields() {}

    /**
     * The text to sign: {@code name=value} joined by {@code &}, sorted by name, values not encoded, blank fields omitted (like {@code
     * getSignContent} in Alipay's SDK).
     */
    static byte[] text(NavigableMap<String, String> fields) {
        return fields.entrySet().stream()
                .filter(f -> !f.getKey().isBlank() && !f.getValue().isBlank())
                .map(f -> f.getKey() + "=" + f.getValue())
                .collect(Collectors.joining("&"))
                .getBytes(UTF_8);
    }

    /** Encoded as a form or query. */
    static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(f -> URLEncoder.encode(f.getKey(), UTF_8) + "=" + URLEncoder.encode(f.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    /**
     * Reads a form.
     *
     * @throws IllegalArgumentException if it is malformed or a field is repeated: it would be undefined which one was signed
     */
    static NavigableMap<String, String> parse(byte[] form) {
        NavigableMap<String, String> fields = new TreeMap<>();
        String text = new String(form, UTF_8);
        if (text.isBlank()) {
            throw new IllegalArgumentException("the form is empty");
        }
        for (String field : text.split("&", -1)) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("a field has no value");
            }
            String name = URLDecoder.decode(field.substring(0, equals), UTF_8);
            String value = URLDecoder.decode(field.substring(equals + 1), UTF_8);
            if (fields.putIfAbsent(name, value) != null) {
                throw new IllegalArgumentException("a field is repeated");
            }
        }
        return fields;
    }
}
