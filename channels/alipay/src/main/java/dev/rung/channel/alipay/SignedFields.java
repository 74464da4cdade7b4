package dev.rung.channel.alipay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Encodes fields for Alipay's signature and as a form. */
final class SignedFields {
    private static final Pattern CHARSET = Pattern.compile("(?:^|&)charset=([A-Za-z0-9-]{1,16})(?:&|$)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]+");
    private static final Pattern FIELD = Pattern.compile("&" + NAME + "=");

    private SignedFields() {}

    /**
     * The text to sign: {@code name=value} joined by {@code &}, sorted by name, values not encoded, blank fields omitted (like {@code
     * getSignContent} in Alipay's SDK).
     */
    static byte[] text(NavigableMap<String, String> fields) {
        return text(fields, UTF_8);
    }

    /** The same in another charset, as callbacks may be signed. */
    static byte[] text(NavigableMap<String, String> fields, Charset charset) {
        return fields.entrySet().stream()
                .filter(f -> !f.getKey().isBlank() && !f.getValue().isBlank())
                .map(f -> f.getKey() + "=" + f.getValue())
                .collect(Collectors.joining("&"))
                .getBytes(charset);
    }

    /**
     * Whether only these fields have the signed text that they have. Values are signed without encoding, so a value that contains {@code
     * &name=} has the same text as two fields.
     */
    static boolean isUnambiguous(Map<String, String> fields) {
        return fields.entrySet().stream()
                .allMatch(f -> NAME.matcher(f.getKey()).matches() && !mayHoldField(f.getValue()));
    }

    /** Whether a part of the value could be taken for a field. */
    static boolean mayHoldField(String value) {
        return FIELD.matcher(value).find();
    }

    /** Encoded as a form or query. */
    static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(f -> URLEncoder.encode(f.getKey(), UTF_8) + "=" + URLEncoder.encode(f.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    /**
     * The charset that a form names in its field {@code charset}: callbacks are written and signed in that of the request, or of the app's settings.
     *
     * @throws IllegalArgumentException if Alipay does not use it
     */
    static Charset charset(byte[] form) {
        Matcher named = CHARSET.matcher(new String(form, ISO_8859_1));
        String name = named.find() ? named.group(1).toLowerCase(Locale.ROOT) : "utf-8";
        return switch (name) {
            case "utf-8", "utf8" -> UTF_8;
            // A superset of both that decodes what either encodes.
            case "gbk", "gb2312", "gb18030" -> Charset.forName("GB18030");
            default -> throw new IllegalArgumentException("the charset is not supported: " + name);
        };
    }

    /**
     * Reads a form.
     *
     * @throws IllegalArgumentException if it is malformed or a field is repeated: it would be undefined which one was signed
     */
    static NavigableMap<String, String> parse(byte[] form, Charset charset) {
        NavigableMap<String, String> fields = new TreeMap<>();
        String text = new String(form, charset);
        if (text.isBlank()) {
            throw new IllegalArgumentException("the form is empty");
        }
        for (String field : text.split("&", -1)) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("a field has no value");
            }
            String name = URLDecoder.decode(field.substring(0, equals), charset);
            String value = URLDecoder.decode(field.substring(equals + 1), charset);
            if (fields.putIfAbsent(name, value) != null) {
                throw new IllegalArgumentException("a field is repeated");
            }
        }
        return fields;
    }
}
