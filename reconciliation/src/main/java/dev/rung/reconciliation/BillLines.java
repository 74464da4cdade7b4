package dev.rung.reconciliation;

import dev.rung.payments.model.Money;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the lines of one bill, in order. For one use, by one thread. */
abstract sealed class BillLines permits AlipayLines, WechatpayLines, PlainLines {
    /** Both channels use Shanghai's days and times. */
    static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    /**
     * The entry of a line; null if the line has none.
     *
     * @throws BillException if it cannot be read
     */
    abstract @Nullable BillEntry read(int number, String line);

    /**
     * Called at the end of the file.
     *
     * @throws BillException if the bill is incomplete
     */
    abstract void end();

    /** The period that the bill states; empty if it states none. */
    Optional<BillPeriod> period() {
        return Optional.empty();
    }

    /** The time zone of the bill's days. */
    abstract ZoneId zone();

    static Money money(int number, String major, String currency) {
        try {
            return Money.parseMajor(major, currency);
        } catch (IllegalArgumentException e) {
            throw BillException.at(number, "\"" + major + " " + currency + "\" is not an amount");
        }
    }

    static boolean isTime(String text) {
        try {
            LocalDateTime.parse(text, TIME);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    static Instant time(int number, String text) {
        try {
            return LocalDateTime.parse(text, TIME).atZone(SHANGHAI).toInstant();
        } catch (DateTimeParseException e) {
            throw BillException.at(number, "\"" + text + "\" is not a time");
        }
    }
}
