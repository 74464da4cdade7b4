package dev.rung.web;

import dev.rung.core.model.InvalidValueException;
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
 * Reads the members of an object and collects their errors: wrong types, invalid values, unknown members. Methods return null if the member is
 * absent, {@code null} or invalid. A parameter of controllers; {@link #finish} is called when all members have been read.
 */
public final class FieldReader {
    private static final int NAME_SHOWN_MAX = 64;

    private final byte[] body;
    private final Json.Obj object;
    private final Map<String, Json> members;
    private final String prefix;
    private final FieldErrors errors;
    private final Set<String> asked = new HashSet<>();

    private FieldReader(byte[] body, Json.Obj object, String prefix, FieldErrors errors) {
        this.body = body;
        this.object = object;
        this.members = object.members();
        this.prefix = prefix;
        this.errors = errors;
    }

    /** Reads members that came without a body: those of a form. */
    public static FieldReader of(Map<String, Json> members) {
        return new FieldReader(new byte[0], new Json.Obj(members, 0, 0), "", new FieldErrors());
    }

    /**
     * Reads a body that must be an object.
     *
     * @throws ProblemException 400 if it is malformed, 422 if it is not an object
     */
    public static FieldReader ofBody(byte[] body) {
        return of(body, JsonReader.readObject(body), "body", "");
    }

    /**
     * Reads an item of a list in a body.
     *
     * @param field its name in messages: {@code "notifications[3]"}
     * @throws ProblemException 422 if it is not an object
     */
    public static FieldReader ofItem(byte[] body, Json item, String field) {
        return of(body, item, field, field + ".");
    }

    private static FieldReader of(byte[] body, Json value, String field, String prefix) {
        if (value instanceof Json.Obj object) {
            return new FieldReader(body, object, prefix, new FieldErrors());
        }
        throw Problem.invalid(
                        field, "wrong_type", "is " + value.kind() + ", not an object", "object", noun(value.kind()))
                .asException();
    }

    /** The whole body, into which the offsets of values point. */
    public byte[] body() {
        return body;
    }

    /** The object that is read. */
    public Json.Obj object() {
        return object;
    }

    /** Reads an item of one of this object's lists; null if it is not an object. The caller must reject its unknown members too. */
    public @Nullable FieldReader item(String list, int index, Json item) {
        String name = list + "[" + index + "]";
        if (item instanceof Json.Obj itself) {
            return new FieldReader(body, itself, prefix + name + ".", errors);
        }
        wrongKind(name, "an object", item);
        return null;
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
     * @param parse throws {@link InvalidValueException}
     */
    public <T> @Nullable T text(String name, Function<String, T> parse) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            return parse.apply(text);
        } catch (InvalidValueException e) {
            wrong(name, e);
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

    /** A number with a fraction, from {@code min} to {@code max}. */
    public @Nullable Double decimal(String name, BigDecimal min, BigDecimal max) {
        return switch (value(name)) {
            case null -> null;
            case Json.Num(String literal) -> {
                BigDecimal number = new BigDecimal(literal.length() <= 20 ? literal : "-1");
                if (number.compareTo(min) < 0 || number.compareTo(max) > 0) {
                    wrong(name, "out_of_range", "is not a number from " + min + " to " + max, min, max);
                }
                yield number.doubleValue();
            }
            case Json other -> {
                wrongKind(name, "a number", other);
                yield null;
            }
        };
    }

    /** Reads a nested object; null if it is absent, {@code null} or invalid. The caller must reject its unknown members too. */
    public @Nullable FieldReader within(String name) {
        Json.Obj object = object(name);
        return object == null ? null : new FieldReader(body, object, prefix + name + ".", errors);
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
        wrong(name, "out_of_range", "is not a whole number from " + min + " to " + max, min, max);
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
            wrong(name, "required", "is required");
        }
    }

    /**
     * Adds an error for a member.
     *
     * @param arguments the parts of the message that vary
     */
    public void wrong(String name, String code, String message, Object... arguments) {
        errors.add(prefix + name, code, message, arguments);
    }

    /** Adds an error for a member. */
    public void wrong(String name, InvalidValueException e) {
        errors.add(prefix + name, e);
    }

    /** Adds an error that is not one of a member, such as a header's. */
    public void wrongOutside(String name, InvalidValueException e) {
        errors.add(name, e);
    }

    /** Whether there are errors so far. */
    public boolean isWrong() {
        return !errors.isEmpty();
    }

    /**
     * Ends the reading.
     *
     * @throws ProblemException 422 if a member is invalid or unknown
     */
    public void finish() {
        refuseOthers();
        check();
    }

    /**
     * Throws if there are errors so far.
     *
     * @throws ProblemException 422
     */
    public void check() {
        errors.check();
    }

    /** Adds an error for each unknown member. Called last. */
    public void refuseOthers() {
        for (String name : members.keySet()) {
            if (!asked.contains(name)) {
                wrong(shown(name), "unknown_field", "is not a field of this request");
            }
        }
    }

    /** Without its article. */
    private static String noun(String kind) {
        return kind.substring(kind.indexOf(' ') + 1);
    }

    private static String shown(String name) {
        return name.length() <= NAME_SHOWN_MAX ? name : name.substring(0, NAME_SHOWN_MAX) + "…";
    }

    private void wrongKind(String name, String wanted, Json found) {
        wrong(name, "wrong_type", "is " + found.kind() + ", not " + wanted, noun(wanted), noun(found.kind()));
    }
}
