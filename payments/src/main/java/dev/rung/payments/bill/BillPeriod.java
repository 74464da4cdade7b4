package dev.rung.payments.bill;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** The period of a bill: from the start of its first day, inclusive, to the end of its last day, exclusive. */
public record BillPeriod(Instant from, Instant to) {

    /** One day. */
    public static BillPeriod of(LocalDate day, ZoneId zone) {
        return of(day, day, zone);
    }

    /** From the first day to the last. */
    public static BillPeriod of(LocalDate first, LocalDate last, ZoneId zone) {
        return new BillPeriod(
                first.atStartOfDay(zone).toInstant(),
                last.plusDays(1).atStartOfDay(zone).toInstant());
    }
}
