package dev.rung.server.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** Reads and writes times as the API spells them: RFC 3339, written in UTC with milliseconds. */
public final class Times {
    private static final Pattern FORM =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})");
    private static final DateTimeFormatter WRITTEN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Times() {}

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none; the message goes on from a field's name
     */
    public static Instant parse(String text) {
        if (FORM.matcher(text).matches()) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("is not a time that exists", e);
            }
        }
        throw new IllegalArgumentException("is not a time such as \"2026-11-23T10:00:00Z\"");
    }

    public static String text(long epochMillis) {
        return WRITTEN.format(Instant.ofEpochMilli(epochMillis));
    }
}
