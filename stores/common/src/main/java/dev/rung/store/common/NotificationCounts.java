package dev.rung.store.common;

import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.DeliveryState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects the changes of the state counters within one transaction. */
public final class NotificationCounts {
    private final SortedMap<Counted, Long> changes = new TreeMap<>();

    /** The key of a counter: for waiting notifications state, ladder and rung; for others only the state. */
    public record Counted(DeliveryState state, String ladder, int rung) implements Comparable<Counted> {
        private static final Comparator<Counted> ORDER = Comparator.comparing(Counted::state)
                .thenComparing(Counted::ladder)
                .thenComparingInt(Counted::rung);

        @Override
        public int compareTo(Counted other) {
            return ORDER.compare(this, other);
        }
    }

    /** Adds to a counter. Channel queries are not counted. */
    public void add(DeliveryKind kind, @Nullable String ladder, DeliveryState state, int rung, long by) {
        if (kind == DeliveryKind.NOTIFICATION) {
            Counted counted = state == DeliveryState.WAITING
                    ? new Counted(state, ladder == null ? "" : ladder, rung)
                    : new Counted(state, "", 0);
            changes.merge(counted, by, Long::sum);
        }
    }

    /** Counts a row as what it has become. */
    public void moved(DeliveryRow row) {
        if (row.before.state() != row.state || row.before.rung() != row.rung) {
            add(row.kind, row.ladderName, row.before.state(), row.before.rung(), -1);
            add(row.kind, row.ladderName, row.state, row.rung, 1);
        }
    }

    /** Counts a row that is deleted. */
    public void deleted(DeliveryRow row) {
        add(row.kind, row.ladderName, row.state, row.rung, -1);
    }

    /** The counters that change, in a fixed order. */
    public List<Map.Entry<Counted, Long>> changes() {
        return changes.entrySet().stream().filter(e -> e.getValue() != 0).toList();
    }
}
