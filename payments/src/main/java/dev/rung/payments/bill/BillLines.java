package dev.rung.payments.bill;

import dev.rung.payments.model.Money;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the lines of one bill, in order. For a single use by one thread. */
public abstract class BillLines {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private final ZoneId zone;

    /**
     * Creates a reader for one bill.
     *
     * @param zone the time zone of the bill's days
     */
    protected BillLines(ZoneId zone) {
        this.zone = zone;
    }

    /**
     * The entry of a line; null if the line has none.
     *
     * @param number of the line, from 1
     * @throws BillException if it cannot be read
     */
    public abstract @Nullable BillEntry read(int number, String line);

    /**
     * Called at the end of the file.
     *
     * @throws BillException if the bill is incomplete
     */
    public abstract void end();

    /** The period that the bill states; empty if it states none. */
    public Optional<BillPeriod> period() {
        return Optional.empty();
    }

    /** The time zone of the bill's days. */
    public final ZoneId zone() {
        return zone;
    }

    /** An amount in major units, such as {@code 12.30}. */
    protected static Money money(int number, String major, String currency) {
        try {
            return Money.parseMajor(major, currency);
        } catch (IllegalArgumentException e) {
            throw BillException.at(number, "\"" + major + " " + currency + "\" is not an amount");
        }
    }

    /** Whether {@link #time} can read it. */
    protected static boolean isTime(String text) {
        try {
            LocalDateTime.parse(text, TIME);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    /** A time such as {@code 2026-11-23 12:03:04}, in the bill's zone. */
    protected final Instant time(int number, String text) {
        try {
            return LocalDateTime.parse(text, TIME).atZone(zone).toInstant();
        } catch (DateTimeParseException e) {
            throw BillException.at(number, "\"" + text + "\" is not a time");
        }
    }
}
