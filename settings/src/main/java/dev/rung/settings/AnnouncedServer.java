package dev.rung.settings;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a running server announces of itself to the others on its database, in the store's meta values.
 *
 * @param seenAt epoch milliseconds; it announces itself every few seconds
 * @param apiKey a fingerprint of the operator's key
 * @param allowedTargets the networks that notifications may reach although they are special
 * @param queryLadder the waits of the compensating query
 * @param refundLimits the amounts above which a second person approves
 * @param masterKeys the fingerprints of the master keys that it knows, the newest first
 */
public record AnnouncedServer(
        long seenAt,
        String version,
        String apiKey,
        String allowedTargets,
        String queryLadder,
        String refundLimits,
        List<String> masterKeys) {
    /** The keys of the meta values begin with this; the server's id follows. */
    public static final String KEY_PREFIX = "server_";

    private static final String SEPARATOR = "|";
    private static final int PARTS = 7;

    /** The announcement at another time. */
    public AnnouncedServer at(long millis) {
        return new AnnouncedServer(millis, version, apiKey, allowedTargets, queryLadder, refundLimits, masterKeys);
    }

    public String text() {
        return String.join(
                SEPARATOR,
                Long.toString(seenAt),
                version,
                apiKey,
                allowedTargets,
                queryLadder,
                refundLimits,
                String.join(",", masterKeys));
    }

    /** Reads {@link #text}; empty if it is not one of this version's. */
    public static Optional<AnnouncedServer> parse(String text) {
        String[] parts = text.split(Pattern.quote(SEPARATOR), -1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        try {
            return Optional.of(new AnnouncedServer(
                    Long.parseLong(parts[0]),
                    parts[1],
                    parts[2],
                    parts[3],
                    parts[4],
                    parts[5],
                    List.of(parts[6].split(",", -1))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
