package dev.rung.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Formats times and durations, in the local time zone. */
final class TimeText {
    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

    private static final DateTimeFormatter DAY_AND_SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private TimeText() {}

    static String dayAndTime(Instant instant) {
        return DAY_AND_TIME.format(instant.atZone(ZoneId.systemDefault()));
    }

    static String time(Instant instant) {
        return TIME.format(instant.atZone(ZoneId.systemDefault()));
    }

    /** To the second, without the date if it is today's. */
    static String moment(Instant instant, Instant now) {
        DateTimeFormatter format = day(instant).equals(day(now)) ? SECOND : DAY_AND_SECOND;
        return format.format(instant.atZone(ZoneId.systemDefault()));
    }

    /** Without the date if it is the same as the other instant's. */
    static String time(Instant instant, Instant sameDay) {
        return day(instant).equals(day(sameDay)) ? time(instant) : dayAndTime(instant);
    }

    /** To the millisecond: {@code 4 ms}, {@code 33.292 s}, {@code 2 m}, {@code 1 h 2 m 3.456 s}. */
    static String exact(Duration span) {
        if (span.compareTo(Duration.ofSeconds(1)) < 0) {
            return span.toMillis() + " ms";
        }
        String millis = span.toMillisPart() == 0 ? "" : "." + "%03d".formatted(span.toMillisPart());
        return ((span.toDays() > 0 ? span.toDays() + " d " : "")
                        + (span.toHoursPart() > 0 ? span.toHoursPart() + " h " : "")
                        + (span.toMinutesPart() > 0 ? span.toMinutesPart() + " m " : "")
                        + (span.toSecondsPart() > 0 || !millis.isEmpty() ? span.toSecondsPart() + millis + " s" : ""))
                .strip();
    }

    /** In the notation of ladders: {@code 3s}, {@code 2m}, {@code 1h30m}. */
    static String step(Duration step) {
        String text = (step.toDays() > 0 ? step.toDays() + "d" : "")
                + (step.toHoursPart() > 0 ? step.toHoursPart() + "h" : "")
                + (step.toMinutesPart() > 0 ? step.toMinutesPart() + "m" : "")
                + (step.toSecondsPart() > 0 ? step.toSecondsPart() + "s" : "")
                + (step.toMillisPart() > 0 ? step.toMillisPart() + "ms" : "");
        return text.isEmpty() ? "0s" : text;
    }

    /** Rounded to seconds, in at most two units: {@code 27 s}, {@code 2 m}, {@code 1 m 30 s}, {@code 2 d 3 h}. */
    static String rough(Duration span) {
        Duration s = span.plusMillis(500);
        if (s.toMinutes() == 0) {
            return s.toSeconds() + " s";
        }
        if (s.toHours() == 0) {
            return two(s.toMinutes(), " m", s.toSecondsPart(), " s");
        }
        return s.toDays() == 0
                ? two(s.toHours(), " h", s.toMinutesPart(), " m")
                : two(s.toDays(), " d", s.toHoursPart(), " h");
    }

    private static String two(long great, String greatUnit, long small, String smallUnit) {
        return great + greatUnit + (small == 0 ? "" : " " + small + smallUnit);
    }

    private static LocalDate day(Instant instant) {
        return instant.atZone(ZoneId.systemDefault()).toLocalDate();
    }
}
