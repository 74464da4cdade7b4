package dev.rung.console;

import dev.rung.core.model.Durations;
import dev.rung.payments.model.Money;
import dev.rung.web.Timestamps;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Formats numbers, durations and times for pages, with units in the page's language. Immutable; templates use it as {@code f}. */
public final class PageFormat {
    private static final PageFormat ENGLISH = new PageFormat("ms", "s", "min", "h", "d");
    private static final PageFormat CHINESE = new PageFormat("毫秒", "秒", "分", "小时", "天");

    private final String millis;
    private final String seconds;
    private final String minutes;
    private final String hours;
    private final String days;

    private PageFormat(String millis, String seconds, String minutes, String hours, String days) {
        this.millis = millis;
        this.seconds = seconds;
        this.minutes = minutes;
        this.hours = hours;
        this.days = days;
    }

    static PageFormat of(Language language) {
        return switch (language) {
            case ENGLISH -> ENGLISH;
            case CHINESE -> CHINESE;
        };
    }

    /** Units of durations for the page's script, from seconds to days. */
    public String units() {
        return String.join(" ", seconds, minutes, hours, days);
    }

    /** An ISO 8601 time, for the {@code datetime} attribute. */
    public String iso(long epochMillis) {
        return Timestamps.text(epochMillis);
    }

    /** A time in UTC; the page's script converts it to the browser's zone. */
    public String utc(long epochMillis) {
        String iso = Timestamps.text(epochMillis);
        return iso.substring(0, 10) + " " + iso.substring(11, 19) + " UTC";
    }

    /** A count: {@code 1,234,567}. */
    public String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** An exact amount: {@code 1,234.50 CNY}. */
    static String money(Money amount) {
        return money(amount.value(), amount.currency());
    }

    /** The same of a sum, which may be 0. */
    static String money(long value, Currency currency) {
        int digits = currency.getDefaultFractionDigits();
        return String.format(Locale.ROOT, "%,." + digits + "f %s", BigDecimal.valueOf(value, digits), currency);
    }

    /** A rate or another fractional number, with three significant digits. */
    public String decimal(double value) {
        if (value == 0 || value >= 100) {
            return number(Math.round(value));
        }
        return String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.2f", value);
    }

    /** A fraction of one as a percentage, rounded down: {@code 99.7 %}. */
    public String percent(double share) {
        double floored = Math.floor(share * 1_000) / 10;
        return floored == 100 || floored == 0
                ? String.format(Locale.ROOT, "%.0f %%", floored)
                : String.format(Locale.ROOT, "%.1f %%", floored);
    }

    /** A measured duration: {@code 12 ms}, {@code 1.53 s}, {@code 3 min 20 s}, {@code 2 h 5 min}, {@code 3 d 4 h}. */
    public String span(long span) {
        long whole = span / 1_000;
        if (span < 1_000) {
            return span + " " + millis;
        }
        if (whole < 60) {
            return String.format(Locale.ROOT, whole < 10 ? "%.2f %s" : "%.1f %s", span / 1e3, seconds);
        }
        if (whole < 3_600) {
            return two(whole / 60, minutes, whole % 60, seconds);
        }
        if (whole < 86_400) {
            return two(whole / 3_600, hours, whole % 3_600 / 60, minutes);
        }
        return two(whole / 86_400, days, whole % 86_400 / 3_600, hours);
    }

    private static String two(long great, String greatUnit, long small, String smallUnit) {
        return great + " " + greatUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }

    /** A configured wait, exactly: {@code 30 s}, {@code 1500 ms}, {@code 1 h 30 min}, {@code 1 d 24 min}. */
    public String wait(Duration wait) {
        if (wait.toMillisPart() != 0 || wait.isZero()) {
            return wait.toMillis() + " " + millis;
        }
        List<String> parts = new ArrayList<>();
        part(parts, wait.toDaysPart(), days);
        part(parts, wait.toHoursPart(), hours);
        part(parts, wait.toMinutesPart(), minutes);
        part(parts, wait.toSecondsPart(), seconds);
        return String.join(" ", parts);
    }

    private static void part(List<String> parts, long count, String unit) {
        if (count > 0) {
            parts.add(count + " " + unit);
        }
    }

    /** A duration in the API's notation. */
    public String duration(Duration duration) {
        return Durations.text(duration);
    }

    /** Percent-encodes a part of a path or a query. */
    public static String url(@Nullable String text) {
        return text == null
                ? ""
                : URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
