package dev.rung.store.mysql;

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
class MySqlPaymentSearchIT {
    private static final int PAYMENTS = 20_000;
    private static final String FILL = """
            INSERT INTO payment (id, merchant_id, query_id, amount, amount_paid, created_at, expires_at, paid_at, version, state, out_trade_no,
              currency, subject, channel, notify_url, ladder, channel_trade_no, request_digest, method)
            WITH RECURSIVE thousand (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM thousand WHERE i < 999),
              numbers (i) AS (SELECT a.i * 20 + b.i + 1 FROM thousand a JOIN thousand b ON b.i < 20)
            SELECT i, 10001, i, 1230, 1230, i, i, i * 7919 %% %d, 2, 2, concat('T', i), 'CNY', 'tea', 'simulator', 'https://shop.example',
              '3000', concat('x', i), '', 0
            FROM numbers
            """.formatted(PAYMENTS);

    private static MySqlScene scene;

    @BeforeAll
    static void open() {
        scene = new MySqlScene();
        scene.execute(FILL);
        scene.execute("ANALYZE TABLE payment");
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    /** The number of index entries that a page reads. */
    private static long read(long from, long below, long belowId, int stride) throws SQLException {
        try (Connection connection = scene.connect();
                Statement statement = connection.createStatement();
                PreparedStatement page = connection.prepareStatement(PaymentSearch.WALK_PAID)) {
            statement.execute("FLUSH STATUS");
            page.setLong(1, from);
            page.setLong(2, below);
            page.setLong(3, below);
            page.setLong(4, belowId);
            page.setInt(5, stride);
            page.executeQuery().close();
            long read = 0;
            try (ResultSet counts = statement.executeQuery("SHOW SESSION STATUS LIKE 'Handler_read%'")) {
                while (counts.next()) {
                    read += counts.getLong(2);
                }
            }
            return read;
        }
    }

    @Test
    void aPageInTheMiddleOfALongRangeReadsAsManyEntriesAsItAsksFor() throws SQLException {
        assertThat(read(0, PAYMENTS / 2, 7, 50)).isBetween(50L, 60L);
    }

    @Test
    void aPageAtTheEndOfARangeReadsNothingBeforeIt() throws SQLException {
        assertThat(read(PAYMENTS / 2 - 9, PAYMENTS / 2, 0, 50)).isBetween(9L, 15L);
    }
}
