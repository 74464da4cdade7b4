package dev.rung.store.common;

import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.DeliveryState;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/** What stores count for alerts themselves. */
public final class AlertCounts {
    private AlertCounts() {}

    /** The notifications that have become exhausted, by subject. */
    public static SortedMap<String, Long> exhausted(Collection<? extends DeliveryRow> changed) {
        SortedMap<String, Long> counts = new TreeMap<>();
        for (DeliveryRow row : changed) {
            if (row.kind == DeliveryKind.NOTIFICATION
                    && row.state == DeliveryState.EXHAUSTED
                    && row.before.state() != DeliveryState.EXHAUSTED) {
                counts.merge(Long.toString(row.receiver.merchant().value()), 1L, Long::sum);
            }
        }
        return counts;
    }
}
