package dev.rung.store.common.sharded;

import dev.rung.core.model.AlertKind;
import dev.rung.core.port.AlertStore;
import dev.rung.store.spi.Stores;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What alerts have to report: counted in the database of its cause, and reported together. */
final class ShardedAlertStore implements AlertStore {
    private final Shards shards;
    /** What {@link #pending} added up, as read; of the last call. */
    private volatile Map<Group, List<Part>> read = Map.of();

    ShardedAlertStore(Shards shards) {
        this.shards = shards;
    }

    /** A group of one database. */
    private record Part(Stores stores, Group group) {}

    /** What a group is about. */
    private record Key(AlertKind kind, String subject) {}

    @Override
    public void add(AlertKind kind, String subject, long count, @Nullable String detail, long now) {
        shards.global().alerts().add(kind, subject, count, detail, now);
    }

    @Override
    public List<Group> pending(int limit) {
        Map<Key, List<Part>> parts = shards.everywhere()
                .flatMap(stores -> stores.alerts().pending(limit).stream().map(group -> new Part(stores, group)))
                .sorted(Comparator.comparingLong(part -> part.group.since()))
                .collect(Collectors.groupingBy(
                        part -> new Key(part.group.kind(), part.group.subject()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        Map<Group, List<Part>> together = new LinkedHashMap<>();
        parts.values().stream().limit(limit).forEach(some -> together.put(together(some), some));
        read = together;
        return List.copyOf(together.keySet());
    }

    /** In the order of their beginnings. */
    private static Group together(List<Part> parts) {
        Group first = parts.getFirst().group;
        return new Group(
                first.kind(),
                first.subject(),
                parts.stream().mapToLong(part -> part.group.count()).sum(),
                first.since(),
                parts.getLast().group.detail());
    }

    @Override
    public void reported(Group group, long now) {
        // A group that was read before the last call stays, and is read and reported again.
        read.getOrDefault(group, List.of()).forEach(part -> part.stores.alerts().reported(part.group, now));
    }
}
