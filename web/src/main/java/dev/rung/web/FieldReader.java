package dev.rung.web;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of an object and adds errors to {@link FieldErrors}: wrong types, invalid values, unknown members. Methods return null if the
 * member is absent, {@code null} or invalid.
 */
public final class FieldReader {
    private static final int NAME_SHOWN_MAX = 64;

    private final Map<String, Json> members;
    private final String prefix;
    private final FieldErrors errors;
    private final Set<String> asked = new HashSet<>();

    /**
     * @param prefix of member names in messages: {@code ""}, or {@code "notifications[3]."}
     */
    public FieldReader(Json.Obj object, String prefix, FieldErrors errors) {
        this.members = object.members();
        this.prefix = prefix;
        this.errors = errors;
    }

    /** Reads a body that must be an object. */
    public static FieldReader ofBody(byte[] body, FieldErrors errors) {
        if (JsonReader.read(body) instanceof Json.Obj object) {
            return new FieldReader(object, "", errors);
        }
        throw Problem.invalid("body", "is not an object").asException();
    }

    /** Reads an optional body. */
    public static FieldReader ofOptionalBody(byte[] body, FieldErrors errors) {
        return body.length == 0 ? new FieldReader(new Json.Obj(Map.of(), 0, 0), "", errors) : ofBody(body, errors);
    }

    /** Whether the member is present, even as {@code null}. */
    public boolean has(String name) {
        return members.containsKey(name);
    }

    /** A member's value; null if it is absent or {@code null}. */
    public @Nullable Json value(String name) {
        asked.add(name);
        Json value = members.get(name);
        return value instanceof Json.Null ? null : value;
    }

    /** A member's value as raw bytes; null if it is absent or {@code null}. */
    public Json.@Nullable Raw raw(String name) {
        asked.add(name);
        return members.get(name) instanceof Json.Raw raw ? raw : null;
    }

    public @Nullable String text(String name) {
        return switch (value(name)) {
            case null -> null;
            case Json.Text text -> text.value();
            case Json other -> {
                wrongKind(name, "a string", other);
                yield null;
            }
        };
    }

    /**
     * Reads and parses a string.
     *
     * @param parse throws {@link IllegalArgumentException} with a message to follow the field's name
     */
    public <T> @Nullable T text(String name, Function<String, T> parse) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            wrong(name, String.valueOf(e.getMessage()));
            return null;
        }
    }

    public @Nullable Boolean bool(String name) {
        return switch (value(name)) {
            case null -> null;
            case Json.Bool bool -> bool.value();
            case Json other -> {
                wrongKind(name, "true or false", other);
                yield null;
            }
        };
    }

    public @Nullable Integer integer(String name, int min, int max) {
        Long value = whole(name, min, max);
        return value == null ? null : Math.toIntExact(value);
    }

    /** A whole number in any notation: {@code 1230}, {@code 1230.0}, {@code 1.23e3}. */
    public @Nullable Long whole(String name, long min, long max) {
        return switch (value(name)) {
            case null -> null;
            case Json.Num num -> whole(name, num, min, max);
            case Json other -> {
                wrongKind(name, "a number", other);
                yield null;
            }
        };
    }

    /** Reads a nested object; null if it is absent, {@code null} or invalid. The caller must reject its unknown members too. */
    public @Nullable FieldReader within(String name) {
        Json.Obj object = object(name);
        return object == null ? null : new FieldReader(object, prefix + name + ".", errors);
    }

    public Json.@Nullable Obj object(String name) {
        return switch (value(name)) {
            case null -> null;
            case Json.Obj object -> object;
            case Json other -> {
                wrongKind(name, "an object", other);
                yield null;
            }
        };
    }

    private @Nullable Long whole(String name, Json.Num num, long min, long max) {
        // Longer literals are out of every range and expensive to parse.
        if (num.literal().length() <= 20) {
            BigDecimal value = new BigDecimal(num.literal());
            if (value.compareTo(BigDecimal.valueOf(min)) >= 0
                    && value.compareTo(BigDecimal.valueOf(max)) <= 0
                    && value.stripTrailingZeros().scale() <= 0) {
                return value.longValueExact();
            }
        }
        wrong(name, "is not a whole number from " + min + " to " + max);
        return null;
    }

    public @Nullable Instant instant(String name) {
        return text(name, Timestamps::parse);
    }

    public @Nullable Duration duration(String name) {
        return text(name, dev.rung.core.model.Durations::parse);
    }

    public @Nullable List<Json> list(String name) {
        return switch (value(name)) {
            case null -> null;
            case Json.Arr array -> array.items();
            case Json other -> {
                wrongKind(name, "an array", other);
                yield null;
            }
        };
    }

    /** Adds an error if the member is missing, unless it already has one. */
    public void require(String name) {
        Json value = members.get(name);
        if (value == null || value instanceof Json.Null) {
            wrong(name, "is required");
        }
    }

    /** Adds an error for a member. */
    public void wrong(String name, String message) {
        errors.add(prefix + name, message);
    }

    /** Adds an error for a member, with a code for programs. */
    public void wrong(String name, String code, String message) {
        errors.add(prefix + name, code, message);
    }

    /** Adds an error for each unknown member. Called last. */
    public void refuseOthers() {
        for (String name : members.keySet()) {
            if (!asked.contains(name)) {
                wrong(shown(name), "is not a field of this request");
            }
        }
    }

    private static String shown(String name) {
        return name.length() <= NAME_SHOWN_MAX ? name : name.substring(0, NAME_SHOWN_MAX) + "…";
    }

    private void wrongKind(String name, String wanted, Json found) {
        wrong(name, "is " + found.kind() + ", not " + wanted);
    }
}
