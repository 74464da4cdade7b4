package dev.rung.store.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.port.StoreException;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MySqlDatabaseTest {
    /** vtgate appends the statement and its values to each message. */
    @ParameterizedTest
    @CsvSource({"HY000, 1105", "08S01, 2013", "22001, 1406", "40001, 1213"})
    void noFailureContainsAValue(String state, int code) {
        SQLException e = new SQLException(
                "target: rung.-80.primary: vttablet: rpc error (errno 1) (sqlstate HY000) (CallerID: any): Sql: \"insert\","
                        + " BindVars: {payload: \"the payload\"}",
                state,
                code);

        StoreException failure = MySqlDatabase.failure(e);

        for (Throwable each = failure; each != null; each = each.getCause()) {
            assertThat(each.getMessage()).doesNotContain("the payload");
        }
    }
}
