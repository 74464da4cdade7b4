package dev.rung.store.common;

import dev.rung.core.model.EndpointId;
import dev.rung.core.model.EventId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.port.NotificationCatalog.Also;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Reads who is notified of which event. */
public final class ReceiverRows {
    private ReceiverRows() {}

    /** Of the columns {@code merchant_id} and {@code endpoint_id}. */
    public static ReceiverId receiver(ResultSet row) throws SQLException {
        return ReceiverId.ofCodes(row.getLong("merchant_id"), row.getLong("endpoint_id"));
    }

    /** Of the column {@code event_id}. */
    public static @Nullable EventId event(ResultSet row) throws SQLException {
        Long first = NullableColumns.number(row, "event_id");
        return first == null ? null : new EventId(first);
    }

    /** Of the columns {@code id} and {@code endpoint_id}. */
    public static Also also(ResultSet row) throws SQLException {
        return new Also(new NotificationId(row.getLong("id")), new EndpointId(row.getLong("endpoint_id")));
    }
}
