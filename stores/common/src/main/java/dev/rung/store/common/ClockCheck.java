package dev.rung.store.common;

import dev.rung.core.port.CheckResult;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Checks that the clock of a database server is close to this machine's. */
public final class ClockCheck {
    private static final Duration NOTE = Duration.ofMillis(250);
    private static final Duration WRONG = Duration.ofMinutes(1);

    private ClockCheck() {}

    /**
     * Compares the database's clock with the middle of this machine's times before and after the query.
     *
     * @param now selects the database's time in epoch milliseconds
     */
    public static List<CheckResult> compare(Connection connection, String now) throws SQLException {
        CheckResult.Report report = new CheckResult.Report("clock");
        try (Statement statement = connection.createStatement()) {
            long before = System.currentTimeMillis();
            long there;
            try (ResultSet row = statement.executeQuery(now)) {
                row.next();
                there = row.getLong(1);
            }
            long after = System.currentTimeMillis();
            report(report, Duration.ofMillis(there - (before + after) / 2));
        }
        return report.results();
    }

    private static void report(CheckResult.Report report, Duration apart) {
        String text = String.format(
                Locale.ROOT,
                "%d ms %s the database's",
                Math.abs(apart.toMillis()),
                apart.isNegative() ? "ahead of" : "behind");
        if (apart.abs().compareTo(WRONG) > 0) {
            report.wrong(
                    text, "synchronize both machines' clocks by NTP: merchants reject signatures that are minutes off");
        } else if (apart.abs().compareTo(NOTE) > 0) {
            report.note(text, "synchronize both machines' clocks by NTP");
        } else {
            report.ok(text);
        }
    }
}
