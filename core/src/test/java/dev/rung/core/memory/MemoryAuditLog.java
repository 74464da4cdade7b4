package dev.rung.core.memory;

import dev.rung.core.port.AuditLog;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An in-memory audit log. Thread-safe: one lock. */
public final class MemoryAuditLog implements AuditLog {
    private final NavigableMap<Long, Entry> entries = new TreeMap<>();

    @Override
    public synchronized void write(Entry entry) {
        entries.put(entry.id(), entry);
    }

    @Override
    public synchronized void changeDetail(long id, String detail) {
        entries.computeIfPresent(
                id,
                (_, e) ->
                        new Entry(e.id(), e.at(), e.actor(), e.actorId(), e.address(), e.action(), e.target(), detail));
    }

    @Override
    public synchronized List<Entry> list(Filter filter, @Nullable Long before, int limit) {
        return entries.descendingMap().values().stream()
                .filter(e -> e.id() >= filter.from() && e.id() < filter.to())
                .filter(e -> before == null || e.id() < before)
                .filter(e -> filter.actor() == null
                        || filter.actor().equals(e.actor())
                        || filter.actor().equals(e.actorId()))
                .filter(e -> filter.action() == null || filter.action().equals(e.action()))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized int purge(long before, int limit) {
        List<Long> oldest =
                entries.headMap(before).keySet().stream().limit(limit).toList();
        entries.keySet().removeAll(oldest);
        return oldest.size();
    }
}
