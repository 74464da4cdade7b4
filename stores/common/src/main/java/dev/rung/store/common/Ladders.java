package dev.rung.store.common;

import dev.rung.core.model.Ladder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Parses the steps of ladders. Most rows have one of a few ladders, so parsed ones are cached. Thread-safe. */
public final class Ladders {
    private static final int KNOWN_MAX = 1000;
    private static final Map<String, Ladder> KNOWN = new ConcurrentHashMap<>();

    private Ladders() {}

    /** Parses the text written by {@link Ladder#compact}. */
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
