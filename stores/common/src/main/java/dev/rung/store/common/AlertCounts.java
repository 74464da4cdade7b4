package dev.rung.store.common;

import dev.rung.core.model.AlertKind;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.NotificationState;
import dev.rung.core.port.AlertStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/** What stores count for alerts themselves, and the rows of {@code alert}. */
public final class AlertCounts {
    /** The columns of {@link #group}. */
    public static final String COLUMNS = "kind, subject, n, since, detail";

    private AlertCounts() {}

    /** The notifications that have become exhausted, by subject. */
    public static SortedMap<String, Long> exhausted(Collection<? extends DeliveryRow> changed) {
        SortedMap<String, Long> counts = new TreeMap<>();
        for (DeliveryRow row : changed) {
            if (row.kind == DeliveryKind.NOTIFICATION
                    && row.state == NotificationState.EXHAUSTED
                    && row.before.state() != NotificationState.EXHAUSTED) {
                counts.merge(Long.toString(row.receiver.merchant().value()), 1L, Long::sum);
            }
        }
        return counts;
    }

    /** A row. */
    public static AlertStore.Group group(ResultSet row) throws SQLException {
        return new AlertStore.Group(
                CodedEnum.ofCode(AlertKind.class, row.getInt("kind")),
                row.getString("subject"),
                row.getLong("n"),
                row.getLong("since"),
                row.getString("detail"));
    }
}
