package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.port.AuditLog.Entry;
import dev.rung.core.port.AuditLog.Filter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every sentence of {@link AuditLog}'s Javadoc as tests. */
public interface AuditLogContract {
    /** Empty at a test's beginning, the same within a test. */
    AuditLog audit();

    private void write(long id, String actor, @Nullable String actorId, String action) {
        audit().write(new Entry(id, Sample.T0 + id, actor, actorId, "203.0.113.7", action, "mch_1", "{}"));
    }

    private List<Long> ids(Filter filter, @Nullable Long before, int limit) {
        return audit().list(filter, before, limit).stream().map(Entry::id).toList();
    }

    @Test
    default void everyFieldIsKept() {
        Entry full =
                new Entry(1, Sample.T0, "茶 'O\"Hara", "key_1", "2001:db8::1", "merchant.pause", "mch_1", "{\"n\":1}");
        Entry bare = new Entry(2, Sample.T0, "anonymous", null, null, "call.refused", "api", "{}");
        audit().write(full);
        audit().write(bare);
        assertThat(audit().list(Filter.ALL, null, 10)).containsExactly(bare, full);
    }

    @Test
    default void entriesAreListedByPageNewestFirst() {
        for (long id = 1; id <= 5; id++) {
            write(id, "operator", "key_1", "merchant.pause");
        }
        assertThat(ids(Filter.ALL, null, 2)).containsExactly(5L, 4L);
        assertThat(ids(Filter.ALL, 4L, 10)).containsExactly(3L, 2L, 1L);
        assertThat(ids(new Filter(null, null, 2, 4), null, 10)).containsExactly(3L, 2L);
    }

    @Test
    default void entriesAreFoundByActorAndAction() {
        write(1, "alice", "key_1", "merchant.pause");
        write(2, "alice", "key_2", "merchant.resume");
        write(3, "bob", "key_3", "merchant.pause");
        assertThat(ids(new Filter("alice", null, 0, Long.MAX_VALUE), null, 10)).containsExactly(2L, 1L);
        assertThat(ids(new Filter("alice", null, 0, Long.MAX_VALUE), null, 1)).containsExactly(2L);
        assertThat(ids(new Filter("alice", null, 0, Long.MAX_VALUE), 2L, 10)).containsExactly(1L);
        assertThat(ids(new Filter("key_3", null, 0, Long.MAX_VALUE), null, 10)).containsExactly(3L);
        assertThat(ids(new Filter(null, "merchant.pause", 0, Long.MAX_VALUE), 3L, 10))
                .containsExactly(1L);
        assertThat(ids(new Filter("alice", "merchant.pause", 0, 1), null, 10)).isEmpty();
    }

    @Test
    default void theDetailOfAnEntryIsReplaced() {
        write(1, "anonymous", null, "call.refused");
        write(2, "anonymous", null, "call.refused");
        audit().changeDetail(1, "{\"count\":2}");
        audit().changeDetail(3, "{}");
        assertThat(audit().list(Filter.ALL, null, 10)).extracting(Entry::detail).containsExactly("{}", "{\"count\":2}");
    }

    @Test
    default void theOldestArePurgedInBatches() {
        for (long id = 1; id <= 5; id++) {
            write(id, "operator", "key_1", "merchant.pause");
        }
        assertThat(audit().purge(4, 2)).isEqualTo(2);
        assertThat(ids(Filter.ALL, null, 10)).containsExactly(5L, 4L, 3L);
        assertThat(audit().purge(4, 2)).isEqualTo(1);
        assertThat(audit().purge(4, 2)).isZero();
        assertThat(ids(Filter.ALL, null, 10)).containsExactly(5L, 4L);
    }
}
