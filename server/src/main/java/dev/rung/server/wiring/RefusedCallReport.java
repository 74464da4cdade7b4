package dev.rung.server.wiring;

import dev.rung.core.model.Ids;
import dev.rung.core.port.AuditLog;
import dev.rung.web.RefusedCalls;
import dev.rung.web.RefusedCalls.Group;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes refused calls and failed sign-ins into the audit log, one entry by address and minute, and each minute into the server's log. The
 * number of entries is limited; what exceeds it counts as other addresses.
 */
final class RefusedCallReport implements Runnable {
    static final Duration EVERY = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(RefusedCallReport.class);
    private static final long MINUTE_MILLIS = Duration.ofMinutes(1).toMillis();
    /** Entries of unknown callers in a minute, and as many of known ones, so that strangers cannot hide these. */
    private static final int ENTRIES_MAX = 20;

    private final RefusedCalls refused;
    private final AuditLog audit;
    private final Ids ids;
    private final InstantSource clock;
    private final Map<Group, Written> written = new HashMap<>();
    private long minute;

    /** The entry of a group in this minute. */
    private record Written(long id, int count) {}

    RefusedCallReport(RefusedCalls refused, AuditLog audit, Ids ids, InstantSource clock) {
        this.refused = refused;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public void run() {
        long now = clock.millis();
        if (now / MINUTE_MILLIS != minute) {
            written.forEach((group, entry) -> log(group, entry.count()));
            written.clear();
            minute = now / MINUTE_MILLIS;
        }
        Map<Group, Integer> counts = new HashMap<>();
        refused.take().forEach((group, count) -> {
            Group counted = counts.containsKey(group) || hasRoom(group, counts) ? group : group.others();
            counts.merge(counted, count, Integer::sum);
        });
        counts.forEach((group, count) -> write(group, count, now));
    }

    private boolean hasRoom(Group group, Map<Group, Integer> counts) {
        boolean known = group.actorId() != null;
        long others = written.keySet().stream()
                        .filter(each -> each.actorId() != null == known)
                        .count()
                + counts.keySet().stream()
                        .filter(each -> each.actorId() != null == known && !written.containsKey(each))
                        .count();
        return written.containsKey(group) || others < ENTRIES_MAX;
    }

    private void write(Group group, int count, long now) {
        Written before = written.get(group);
        int total = count + (before == null ? 0 : before.count());
        String detail = "{\"count\":" + total + "}";
        if (before == null) {
            long id = ids.next();
            audit.write(new AuditLog.Entry(
                    id, now, group.actor(), group.actorId(), group.address(), group.action(), target(group), detail));
            written.put(group, new Written(id, total));
        } else {
            audit.changeDetail(before.id(), detail);
            written.put(group, new Written(before.id(), total));
        }
    }

    private static String target(Group group) {
        return group.action().equals(RefusedCalls.SIGN_IN) ? "console" : "api";
    }

    private static void log(Group group, int count) {
        LOG.atWarn()
                .addKeyValue("action", group.action())
                .addKeyValue("actor", group.actor())
                .addKeyValue("address", group.address())
                .addKeyValue("count", count)
                .log("calls were refused");
    }
}
