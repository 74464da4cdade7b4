package dev.rung.store.common;

import dev.rung.core.model.Ladder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reads the steps of ladders. Most rows have one of a few: those are read once. Thread-safe. */
public final class Ladders {
    private static final int KNOWN_MAX = 1000;
    private static final Map<String, Ladder> KNOWN = new ConcurrentHashMap<>();

    private Ladders() {}

    /** Of what {@link Ladder#compact} wrote. */
    public static Ladder parse(String compact) {
        Ladder known = KNOWN.get(compact);
        if (known == null) {
            known = Ladder.parseCompact(compact);
            if (KNOWN.size() < KNOWN_MAX) {
                KNOWN.put(compact, known);
            }
        }
        return known;
    }
}
