package dev.rung.core.memory;

import dev.rung.core.model.AlertKind;
import dev.rung.core.port.AlertStore;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An in-memory alert store. Thread-safe. */
public final class MemoryAlertStore implements AlertStore {
    private final Map<Key, Group> groups = new HashMap<>();

    private record Key(AlertKind kind, String subject) {}

    @Override
    public synchronized void add(AlertKind kind, String subject, long count, @Nullable String detail, long now) {
        groups.merge(
                new Key(kind, subject),
                new Group(kind, subject, count, now, detail),
                (before, added) -> new Group(
                        kind,
                        subject,
                        before.count() + count,
                        before.since(),
                        detail == null ? before.detail() : detail));
    }

    @Override
    public synchronized List<Group> pending(int limit) {
        return groups.values().stream()
                .sorted(Comparator.comparingLong(Group::since))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized void reported(Group group, long now) {
        groups.computeIfPresent(new Key(group.kind(), group.subject()), (key, found) -> {
            if (found.since() != group.since()) {
                return found;
            }
            long left = found.count() - group.count();
            return left <= 0
                    ? null
                    : new Group(key.kind, key.subject, left, Math.max(now, group.since() + 1), found.detail());
        });
    }
}
