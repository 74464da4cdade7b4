package dev.rung.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** However many payments there are, a page by time of payment reads only its own part of the index. */
class PostgresPaymentSearchIT {
    private static final int PAYMENTS = 20_000;
    private static final String FILL = """
            INSERT INTO payment (id, merchant_id, query_id, amount, amount_paid, created_at, expires_at, paid_at, version, state, out_trade_no, method,
              currency, subject, channel, notify_url, ladder, channel_trade_no, request_digest)
            SELECT i, 10001, i, 1230, 1230, i, i, i * 7919 %% %d, 2, 2, 'T' || i, 0, 'CNY', 'tea', 'simulator', 'https://shop.example', '3000',
              'x' || i, ''
            FROM generate_series(1, %d) AS i
            """.formatted(PAYMENTS, PAYMENTS);

    private static PostgresScene scene;
    private static String tellingWhileSmall = "";

    @BeforeAll
    static void open() throws SQLException {
        scene = new PostgresScene();
        tellingWhileSmall = explainTelling();
        scene.execute(FILL);
        scene.execute("ANALYZE payment");
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    private static String plan(long from, long below, long belowId, int stride) throws SQLException {
        try (Connection connection = scene.connect();
                Statement set = connection.createStatement();
                PreparedStatement explain = connection.prepareStatement(
                        "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) " + PaymentSearch.WALK_PAID)) {
            set.execute("SET plan_cache_mode = force_generic_plan");
            explain.setLong(1, from);
            explain.setLong(2, below);
            explain.setLong(3, belowId);
            explain.setInt(4, stride);
            return lines(explain);
        }
    }

    @Test
    void aPageInTheMiddleOfALongRangeReadsAsManyEntriesAsItAsksFor() throws SQLException {
        assertThat(plan(0, PAYMENTS / 2, 7, 50))
                .contains("using payment_paid", "rows=50 ")
                .doesNotContain("Sort", "Removed by Filter", "Seq Scan");
    }

    private static String explainTelling() throws SQLException {
        try (Connection connection = scene.connect();
                Statement set = connection.createStatement();
                PreparedStatement explain =
                        connection.prepareStatement("EXPLAIN (COSTS OFF) " + PaymentChangeWriter.INSERT_EVENT)) {
            set.execute("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off");
            for (int i = 1; i <= explain.getParameterMetaData().getParameterCount(); i++) {
                explain.setObject(i, null);
            }
            return lines(explain);
        }
    }

    private static String lines(PreparedStatement explain) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (ResultSet lines = explain.executeQuery()) {
            while (lines.next()) {
                plan.append(lines.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }

    /** The plan is kept for minutes while the table grows. */
    @Test
    void aLineOfTheTimelineIsNotWrittenByReadingAllPaymentsEvenIfTheyAreFew() {
        assertThat(tellingWhileSmall)
                .contains("Index Scan using payment_id on payment")
                .doesNotContain("Join", "Bitmap");
    }

    @Test
    void aPageAtTheEndOfARangeReadsNothingBeforeIt() throws SQLException {
        assertThat(plan(PAYMENTS / 2 - 9, PAYMENTS / 2, 0, 50))
                .contains("using payment_paid", "rows=9 ")
                .doesNotContain("Sort", "Removed by Filter", "Seq Scan");
    }
}
