package example.toybank;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Bodies of the bank's messages: {@code application/x-www-form-urlencoded}. */
final class Form {
    static final String TYPE = "application/x-www-form-urlencoded";

    private Form() {}

    static byte[] write(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(f -> f.getKey() + "=" + URLEncoder.encode(f.getValue(), UTF_8))
                .collect(Collectors.joining("&"))
                .getBytes(UTF_8);
    }

    /** Parses the fields; malformed ones are ignored. */
    static Map<String, String> read(byte[] body) {
        Map<String, String> fields = new TreeMap<>();
        for (String field : new String(body, UTF_8).split("&", -1)) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                try {
                    fields.put(field.substring(0, equals), URLDecoder.decode(field.substring(equals + 1), UTF_8));
                } catch (IllegalArgumentException e) {
                    // Not a field.
                }
            }
        }
        return fields;
    }
}
