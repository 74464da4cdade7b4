package dev.rung.payments.channel;

import java.net.URI;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Common checks for {@link AccountMember#checkedBy}. Each throws {@link IllegalArgumentException} as specified there. */
public final class MemberChecks {
    private MemberChecks() {}

    /** An id at a platform: letters, digits, {@code _} and {@code -}. */
    public static String id(String text) {
        if (!text.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException("is not an id of letters and digits");
        }
        return text;
    }

    /** An http or https URL without query or fragment; slashes at its end are removed. */
    public static URI webAddress(String text) {
        URI uri;
        try {
            uri = URI.create(text.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not a URL", e);
        }
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException("is not of the form https://host or https://host/path");
        }
        if (uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException("must not have a query or a fragment");
        }
        return uri;
    }

    /** A time of day, such as {@code 10:30}; empty for {@code off}. */
    public static Optional<LocalTime> timeOrOff(String text) {
        if (text.equals("off")) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalTime.parse(text, DateTimeFormatter.ofPattern("HH:mm")));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("is not a time such as 10:30, or off", e);
        }
    }

    /** A constant of an enum, written in lower case with {@code -}. */
    public static <E extends Enum<E>> E constant(String text, Class<E> type) {
        for (E constant : type.getEnumConstants()) {
            if (text(constant).equals(text)) {
                return constant;
            }
        }
        List<String> known =
                Arrays.stream(type.getEnumConstants()).map(MemberChecks::text).toList();
        throw new IllegalArgumentException("is not one of " + String.join(", ", known));
    }

    /** {@link #constant} as a check. */
    public static <E extends Enum<E>> Consumer<String> oneOf(Class<E> type) {
        return text -> constant(text, type);
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
