package dev.rung.client;

import java.time.Duration;

/** Durations in the API's notation. */
final class Durations {
    private Durations() {}

    /** {@code "155s"}, or {@code "1500ms"} for fractions of a second. */
    static String text(Duration d) {
        return d.toMillisPart() == 0 ? d.toSeconds() + "s" : d.toMillis() + "ms";
    }

    /** Parses a duration in any unit. */
    static Duration parse(String text) {
        Duration sum = Duration.ZERO;
        int from = 0;
        while (from < text.length()) {
            int unit = from;
            while (unit < text.length() && Character.isDigit(text.charAt(unit))) {
                unit++;
            }
            int to = unit;
            while (to < text.length() && Character.isLetter(text.charAt(to))) {
                to++;
            }
            if (unit == from || to == unit) {
                throw new IllegalArgumentException("not a duration: \"" + text + "\"");
            }
            sum = sum.plus(of(Long.parseLong(text.substring(from, unit)), text.substring(unit, to)));
            from = to;
        }
        return sum;
    }

    private static Duration of(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> throw new IllegalArgumentException("not a unit of time: \"" + unit + "\"");
        };
    }
}
