package dev.rung.store.mysql;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.NotificationId;
import dev.rung.store.common.NotificationRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads deliveries with their notifications. */
final class DeliveryReader {
    /** The ordered deliveries before {@code d} in its order. */
    static final String PREDECESSORS = """
            SELECT 1 FROM delivery earlier
            WHERE earlier.holds_order_of = d.merchant_id AND earlier.endpoint_id = d.endpoint_id AND earlier.order_no = d.order_no
              AND (earlier.position < d.position OR earlier.position = d.position AND earlier.id < d.id)""";

    private static final String FIND = "SELECT " + NotificationRows.delivery(PREDECESSORS)
            + " FROM delivery d JOIN notification n ON n.id = d.id WHERE d.id IN (%s)";

    private DeliveryReader() {}

    /** In the order of the ids, null where there is none. */
    static List<@Nullable Delivery> find(Connection connection, List<NotificationId> ids) throws SQLException {
        Map<NotificationId, Delivery> found = HashMap.newHashMap(ids.size());
        MySqlDatabase.rows(connection, LockedDeliveries.withIds(FIND, ids), p -> {}, NotificationRows::delivery)
                .forEach(delivery -> found.put(delivery.id(), delivery));
        List<@Nullable Delivery> answers = new ArrayList<>(ids.size());
        ids.forEach(id -> answers.add(found.get(id)));
        return answers;
    }
}
