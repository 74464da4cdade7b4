package dev.rung.web;

import static dev.rung.web.RefusedCalls.ANONYMOUS;
import static dev.rung.web.RefusedCalls.CALL;
import static dev.rung.web.RefusedCalls.SIGN_IN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.rung.core.model.Role;
import dev.rung.web.RefusedCalls.Group;
import org.junit.jupiter.api.Test;

class RefusedCallsTest {
    private final RefusedCalls refused = new RefusedCalls();

    @Test
    void refusalsAreCountedByWhoAndWhere() {
        Caller alice = new Caller(Role.VIEWER, "key_1", "alice", null);
        refused.count(CALL, null, "203.0.113.7");
        refused.count(CALL, null, "203.0.113.7");
        refused.count(SIGN_IN, null, "203.0.113.7");
        refused.count(CALL, alice, "2001:db8:1:2::3");
        refused.count(CALL, alice, "2001:db8:1:2::4");
        refused.count(CALL, null, "something else");
        assertThat(refused.take())
                .containsOnly(
                        entry(new Group(CALL, ANONYMOUS, null, "203.0.113.7"), 2),
                        entry(new Group(SIGN_IN, ANONYMOUS, null, "203.0.113.7"), 1),
                        entry(new Group(CALL, "alice", "key_1", "2001:db8:1:2::/64"), 2),
                        entry(new Group(CALL, ANONYMOUS, null, "unknown"), 1));
        assertThat(refused.take()).isEmpty();
    }

    @Test
    void manyAddressesDoNotFillTheMemory() {
        for (int i = 0; i < 20_000; i++) {
            refused.count(CALL, null, "10." + (i >> 16) + "." + (i >> 8 & 0xff) + "." + (i & 0xff));
        }
        assertThat(refused.take())
                .hasSize(10_001)
                .containsEntry(new Group(CALL, ANONYMOUS, null, RefusedCalls.OTHERS), 10_000);
    }
}
