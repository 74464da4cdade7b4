package dev.rung.web;

import dev.rung.core.model.InvalidValueException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** Parses and formats times of the API: RFC 3339, written in UTC with milliseconds. */
public final class Timestamps {
    private static final DateTimeFormatter READ = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendValue(ChronoField.YEAR, 4)
            .appendPattern("-MM-dd'T'HH:mm:ss")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
            .optionalEnd()
            .appendOffset("+HH:MM", "Z")
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT)
            .withChronology(IsoChronology.INSTANCE);

    private static final long MILLIS_A_DAY = 86_400_000;

    private Timestamps() {}

    /**
     * Parses a time.
     *
     * @throws InvalidValueException {@code invalid_time}
     */
    public static Instant parse(String text) {
        try {
            return OffsetDateTime.parse(text, READ).toInstant();
        } catch (DateTimeException _) {
            throw new InvalidValueException("invalid_time", "is not a time such as \"2026-11-23T10:00:00Z\"");
        }
    }

    /** Formats a time. Hand-written, because a formatter would cost as much as the rest of a response. */
    public static String text(long epochMillis) {
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(epochMillis, MILLIS_A_DAY));
        int millis = (int) Math.floorMod(epochMillis, MILLIS_A_DAY);
        char[] text = "0000-00-00T00:00:00.000Z".toCharArray();
        digits(text, 0, 4, date.getYear());
        digits(text, 5, 2, date.getMonthValue());
        digits(text, 8, 2, date.getDayOfMonth());
        digits(text, 11, 2, millis / 3_600_000);
        digits(text, 14, 2, millis / 60_000 % 60);
        digits(text, 17, 2, millis / 1_000 % 60);
        digits(text, 20, 3, millis % 1_000);
        return new String(text);
    }

    private static void digits(char[] text, int at, int count, int value) {
        for (int i = at + count - 1; i >= at; i--) {
            text[i] = (char) ('0' + value % 10);
            value /= 10;
        }
    }
}
