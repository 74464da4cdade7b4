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
 * Reads the members of one object, once each, and tells {@link FieldErrors} what is wrong: a wrong kind, a broken rule, a
 * member that nobody asked for. A reading method answers null where the member is absent, {@code null}, or wrong.
 */
public final class FieldReader {
    private static final int NAME_SHOWN_MAX = 64;

    private final Map<String, Json> members;
    private final String prefix;
    private final FieldErrors errors;
    private final Set<String> asked = new HashSet<>();

    /**
     * @param prefix what stands before a member's name in a message: {@code ""}, or {@code "notifications[3]."}
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

    /** Reads a body that may be left out. */
    public static FieldReader ofOptionalBody(byte[] body, FieldErrors errors) {
        return body.length == 0 ? new FieldReader(new Json.Obj(Map.of(), 0, 0), "", errors) : ofBody(body, errors);
    }

    /** Whether the member is there, be it {@code null}. */
    public boolean has(String name) {
        return members.containsKey(name);
    }

    /** A member's value as it is; null if it is absent or {@code null}. */
    public @Nullable Json value(String name) {
        asked.add(name);
        Json value = members.get(name);
        return value instanceof Json.Null ? null : value;
    }

    /** As {@link #value}, and to be handed on unread. */
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
     * Reads a string and makes something of it.
     *
     * @param parse throws {@link IllegalArgumentException} with a message that goes on from the field's name
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

    /** A whole number however it is spelled: {@code 1230}, {@code 1230.0}, {@code 1.23e3}. */
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

    /** The members of an object that is a member; null if it is absent, {@code null}, or wrong. Its others are to be refused as well. */
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
        // Longer spellings are no whole number in any range that is asked for, and cost time to work out.
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

    /** Notes that the member is needed, unless something else is wrong with it already. */
    public void require(String name) {
        Json value = members.get(name);
        if (value == null || value instanceof Json.Null) {
            wrong(name, "is required");
        }
    }

    /** Notes what is wrong with a member. */
    public void wrong(String name, String message) {
        errors.add(prefix + name, message);
    }

    /** Notes what is wrong with a member, with a code for programs. */
    public void wrong(String name, String code, String message) {
        errors.add(prefix + name, code, message);
    }

    /** Notes every member that nobody asked for. Called last. */
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
