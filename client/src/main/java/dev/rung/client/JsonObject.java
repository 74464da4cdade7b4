package dev.rung.client;

import dev.rung.client.JsonReader.JsonException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An object of a response. A member that a newer server leaves out is read as null, zero, false or empty; other members are ignored. */
final class JsonObject {
    private static final int NESTING_MAX = 1_000;

    private final Map<?, ?> members;

    private JsonObject(Map<?, ?> members) {
        this.members = members;
    }

    /**
     * Reads a body.
     *
     * @throws MalformedResponseException if it is not a JSON object
     */
    static JsonObject read(byte[] body) {
        try {
            if (JsonReader.read(new String(body, StandardCharsets.UTF_8), NESTING_MAX) instanceof Map<?, ?> members) {
                return new JsonObject(members);
            }
            throw new MalformedResponseException("the response is not a JSON object");
        } catch (JsonException e) {
            throw new MalformedResponseException("the response is not JSON: " + e.getMessage());
        }
    }

    String text(String name) {
        String value = optionalText(name);
        return value == null ? "" : value;
    }

    @Nullable String optionalText(String name) {
        Object value = members.get(name);
        return value == null ? null : value.toString();
    }

    int integer(String name) {
        return Math.toIntExact(number(name));
    }

    long number(String name) {
        Long value = optionalNumber(name);
        return value == null ? 0 : value;
    }

    @Nullable Integer optionalInteger(String name) {
        Long value = optionalNumber(name);
        return value == null ? null : Math.toIntExact(value);
    }

    private @Nullable Long optionalNumber(String name) {
        Object value = members.get(name);
        return value instanceof BigDecimal number ? number.longValue() : null;
    }

    @Nullable Double optionalDecimal(String name) {
        Object value = members.get(name);
        return value instanceof BigDecimal number ? number.doubleValue() : null;
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(members.get(name));
    }

    Instant time(String name) {
        Instant time = optionalTime(name);
        if (time == null) {
            throw new MalformedResponseException("the response has no \"" + name + "\"");
        }
        return time;
    }

    @Nullable Instant optionalTime(String name) {
        String text = optionalText(name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new MalformedResponseException("\"" + name + "\" of the response is not a time");
        }
    }

    <E extends Enum<E> & ApiValue> E constant(String name, Class<E> type) {
        return ApiValue.of(type, text(name));
    }

    <E extends Enum<E> & ApiValue> @Nullable E optionalConstant(String name, Class<E> type) {
        String text = optionalText(name);
        return text == null ? null : ApiValue.of(type, text);
    }

    <T> @Nullable T optionalObject(String name, Function<JsonObject, T> read) {
        return members.get(name) instanceof Map<?, ?> object ? read.apply(new JsonObject(object)) : null;
    }

    <T> T object(String name, Function<JsonObject, T> read) {
        T value = optionalObject(name, read);
        if (value == null) {
            throw new MalformedResponseException("the response has no \"" + name + "\"");
        }
        return value;
    }

    <T> List<T> objects(String name, Function<JsonObject, T> read) {
        List<T> all = new ArrayList<>();
        for (Object item : items(name)) {
            if (item instanceof Map<?, ?> object) {
                all.add(read.apply(new JsonObject(object)));
            }
        }
        return all;
    }

    List<String> texts(String name) {
        return items(name).stream().map(String::valueOf).toList();
    }

    List<Duration> durations(String name) {
        return items(name).stream().map(d -> Durations.parse(String.valueOf(d))).toList();
    }

    Ladder ladder(String name) {
        return members.get(name) instanceof List<?> ? new Ladder(null, durations(name)) : Ladder.named(text(name));
    }

    private List<?> items(String name) {
        return members.get(name) instanceof List<?> list ? list : List.of();
    }

    /** The member as maps, lists, strings, numbers, booleans and null. */
    @Nullable Map<String, @Nullable Object> optionalMap(String name) {
        if (!(members.get(name) instanceof Map<?, ?> map)) {
            return null;
        }
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }

    <T> Page<T> page(Function<JsonObject, T> read) {
        return new Page<>(objects("data", read), optionalText("next_cursor"));
    }
}
