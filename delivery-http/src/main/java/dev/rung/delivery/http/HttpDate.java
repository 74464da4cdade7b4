package dev.rung.delivery.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses dates in the three forms of RFC 9110, 5.6.7: IMF-fixdate, RFC 850 and asctime. The day of the week is not checked. */
final class HttpDate {
    private static final String TIME = "(?<h>\\d{1,2}):(?<m>\\d{2}):(?<s>\\d{2})";
    private static final String ZONE = " +(?:GMT|UTC|UT|Z|[+-]0000)";
    private static final List<Pattern> FORMS = List.of(
            pattern("[a-z]+, *(?<day>\\d{1,2}) (?<month>[a-z]{3}) (?<year>\\d{4}) +" + TIME + ZONE),
            pattern("[a-z]+, *(?<day>\\d{1,2})-(?<month>[a-z]{3})-(?<year>\\d{2}|\\d{4}) +" + TIME + ZONE),
            pattern("[a-z]+ (?<month>[a-z]{3}) +(?<day>\\d{1,2}) " + TIME + " +(?<year>\\d{4})"));
    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
    private static final int LEAP_SECOND = 60;
    private static final int FUTURE_YEARS_MAX = 50;

    private HttpDate() {}

    private static Pattern pattern(String text) {
        return Pattern.compile(text, Pattern.CASE_INSENSITIVE);
    }

    /**
     * Parses a date.
     *
     * @param now epoch milliseconds; a year of two digits that would be more than 50 years ahead is in the past
     * @return null if it has none of the forms
     */
    static @Nullable Instant parse(String text, long now) {
        for (Pattern form : FORMS) {
            Matcher matcher = form.matcher(text);
            if (matcher.matches()) {
                return instant(matcher, now);
            }
        }
        return null;
    }

    private static @Nullable Instant instant(Matcher date, long now) {
        int month = MONTHS.indexOf(date.group("month").toLowerCase(Locale.ROOT));
        if (month % 3 != 0) {
            return null;
        }
        try {
            return LocalDateTime.of(
                            year(date.group("year"), now),
                            month / 3 + 1,
                            Integer.parseInt(date.group("day")),
                            Integer.parseInt(date.group("h")),
                            Integer.parseInt(date.group("m")),
                            Math.min(Integer.parseInt(date.group("s")), LEAP_SECOND - 1))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException _) {
            return null;
        }
    }

    private static int year(String digits, long now) {
        int year = Integer.parseInt(digits);
        if (digits.length() > 2) {
            return year;
        }
        int current =
                Year.from(Instant.ofEpochMilli(now).atZone(ZoneOffset.UTC)).getValue();
        int inThisCentury = current - current % 100 + year;
        if (inThisCentury > current + FUTURE_YEARS_MAX) {
            return inThisCentury - 100;
        }
        return inThisCentury < current - FUTURE_YEARS_MAX ? inThisCentury + 100 : inThisCentury;
    }
}
