package dev.rung.server.wiring;

import dev.rung.core.model.Ids;
import dev.rung.core.port.AuditLog;
import dev.rung.web.WrongKeyLimit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes refused keys into the audit log and the server's log: one entry by address and minute, the most first. */
final class WrongKeyReport implements Runnable {
    static final Duration EVERY = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(WrongKeyReport.class);
    private static final int ENTRIES_MAX = 20;

    private final WrongKeyLimit wrongKeys;
    private final AuditLog audit;
    private final Ids ids;
    private final InstantSource clock;

    WrongKeyReport(WrongKeyLimit wrongKeys, AuditLog audit, Ids ids, InstantSource clock) {
        this.wrongKeys = wrongKeys;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public void run() {
        List<Map.Entry<String, Integer>> counts = wrongKeys.takeCounts().entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .toList();
        for (Map.Entry<String, Integer> each : counts.subList(0, Math.min(ENTRIES_MAX, counts.size()))) {
            write(each.getKey(), each.getValue());
        }
        if (counts.size() > ENTRIES_MAX) {
            write(
                    counts.size() - ENTRIES_MAX + " other addresses",
                    counts.stream()
                            .skip(ENTRIES_MAX)
                            .mapToInt(Map.Entry::getValue)
                            .sum());
        }
    }

    private void write(String address, int count) {
        LOG.atWarn().addKeyValue("address", address).addKeyValue("count", count).log("wrong keys were refused");
        audit.write(new AuditLog.Entry(
                ids.next(), clock.millis(), "anyone", "key.refused", address, "{\"count\":" + count + "}"));
    }
}
