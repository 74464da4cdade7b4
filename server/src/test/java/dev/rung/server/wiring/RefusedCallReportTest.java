package dev.rung.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.memory.MemoryAuditLog;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Role;
import dev.rung.core.port.AuditLog;
import dev.rung.core.port.AuditLog.Filter;
import dev.rung.web.Caller;
import dev.rung.web.RefusedCalls;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RefusedCallReportTest {
    private Instant now = Instant.parse("2026-11-30T12:00:00Z");
    private final RefusedCalls refused = new RefusedCalls();
    private final AuditLog audit = new MemoryAuditLog();
    private final RefusedCallReport report =
            new RefusedCallReport(refused, audit, new Ids(() -> now, new Random(1), 0), () -> now);

    private List<String> entries() {
        return audit.list(Filter.ALL, null, 100).stream()
                .map(e -> e.action() + " " + e.actor() + " " + e.address() + " " + e.detail())
                .toList();
    }

    @Test
    void oneEntryCountsTheRefusalsOfAnAddressInAMinute() {
        refused.count(RefusedCalls.SIGN_IN, null, "203.0.113.7");
        report.run();
        now = now.plusSeconds(5);
        refused.count(RefusedCalls.SIGN_IN, null, "203.0.113.7");
        refused.count(RefusedCalls.SIGN_IN, null, "203.0.113.7");
        report.run();
        assertThat(entries()).containsExactly("sign_in.failed anonymous 203.0.113.7 {\"count\":3}");
        now = now.plusSeconds(55);
        refused.count(RefusedCalls.SIGN_IN, null, "203.0.113.7");
        report.run();
        assertThat(entries()).hasSize(2).contains("sign_in.failed anonymous 203.0.113.7 {\"count\":1}");
    }

    @Test
    void strangersCannotHideThoseWhoAreKnown() {
        for (int i = 0; i < 1_000; i++) {
            refused.count(RefusedCalls.CALL, null, "10.0." + (i >> 8) + "." + (i & 0xff));
        }
        report.run();
        refused.count(RefusedCalls.CALL, new Caller(Role.VIEWER, "key_1", "alice", null), "10.1.0.1");
        refused.count(RefusedCalls.CALL, null, "10.9.9.9");
        report.run();
        assertThat(entries())
                .hasSize(22)
                .contains("call.refused alice 10.1.0.1 {\"count\":1}")
                .contains("call.refused anonymous other addresses {\"count\":981}");
    }
}
