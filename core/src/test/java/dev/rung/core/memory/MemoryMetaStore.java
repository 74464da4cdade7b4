package dev.rung.core.memory;

import dev.rung.core.port.MetaStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** An in-memory meta store that several processes of a test may share. Thread-safe. */
public final class MemoryMetaStore implements MetaStore {
    private final Map<String, String> facts = new ConcurrentHashMap<>();

    @Override
    public Optional<String> get(String key) {
        return Optional.ofNullable(facts.get(key));
    }

    @Override
    public List<String> keys(String prefix) {
        return facts.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .sorted()
                .toList();
    }

    @Override
    public void put(String key, String value) {
        facts.put(key, value);
    }

    @Override
    public boolean putIfAbsent(String key, String value) {
        return facts.putIfAbsent(key, value) == null;
    }

    @Override
    public void remove(String key) {
        facts.remove(key);
    }

    @Override
    public boolean replace(String key, String expected, String value) {
        return facts.replace(key, expected, value);
    }
}
