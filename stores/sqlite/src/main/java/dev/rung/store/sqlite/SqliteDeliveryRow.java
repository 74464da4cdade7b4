package dev.rung.store.sqlite;

import dev.rung.store.common.DeliveryRow;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A delivery loaded for changing and saving within one transaction. */
final class SqliteDeliveryRow extends DeliveryRow {
    static final String LOAD = """
            SELECT delivery.* FROM json_each(?) asked CROSS JOIN delivery ON delivery.id = asked.value""";

    boolean listed;

    SqliteDeliveryRow(ResultSet row) throws SQLException {
        super(row);
        listed = row.getBoolean("listed");
    }
}
