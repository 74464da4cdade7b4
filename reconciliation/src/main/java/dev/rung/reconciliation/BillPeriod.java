package dev.rung.reconciliation;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** The days that a bill is for: from the first's begin, inclusive, to the last's end, exclusive. */
public record BillPeriod(Instant from, Instant to) {

    /** One day. */
    public static BillPeriod of(LocalDate day, ZoneId zone) {
        return of(day, day, zone);
    }

    static BillPeriod of(LocalDate first, LocalDate last, ZoneId zone) {
        return new BillPeriod(
                first.atStartOfDay(zone).toInstant(),
                last.plusDays(1).atStartOfDay(zone).toInstant());
    }
}
