package dev.rung.store.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.TestTimeouts;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.StoreFixture;
import dev.rung.store.common.ConcurrentTasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The feed of events while transactions are open. */
class MySqlEventsIT implements StoreFixture {
    @RegisterExtension
    static final MySqlScene scene = new MySqlScene();

    @Override
    public NotificationStore store() {
        return scene.stores.notifications();
    }

    @Override
    public NotificationCatalog catalog() {
        return scene.stores.catalog();
    }

    private List<NotificationId> listed(@Nullable String after) {
        return catalog().events(merchant(1), after, 100).stream()
                .map(e -> e.notification().id())
                .toList();
    }

    @Test
    void whatASlowTransactionWillCommitIsNotOvertaken() throws SQLException {
        NotificationId before = accept(sample());
        try (Connection slow = scene.connect()) {
            slow.setAutoCommit(false);
            var late = sample().build();
            NotificationInserts.accept(slow, List.of(late));
            NotificationId after = accept(sample());

            assertThat(listed(null)).containsExactly(before);
            String cursor = catalog().events(merchant(1), null, 100).getLast().cursor();

            slow.commit();
            assertThat(listed(cursor)).containsExactly(late.id(), after);
        }
    }

    @Test
    void whatASlowTransactionGaveUpIsPassedOver() throws SQLException {
        try (Connection slow = scene.connect()) {
            slow.setAutoCommit(false);
            NotificationInserts.accept(slow, List.of(sample().build()));
            NotificationId after = accept(sample());
            assertThat(listed(null)).isEmpty();
            slow.rollback();
            assertThat(listed(null)).containsExactly(after);
        }
    }

    @Test
    void aReaderThatFollowsWhileManyWriteSeesEachOnceAndInOrder() {
        int writers = 4;
        int each = 40;
        List<Callable<List<NotificationId>>> tasks = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            tasks.add(() -> {
                List<NotificationId> ids = new ArrayList<>();
                for (int i = 0; i < each; i++) {
                    ids.add(accept(sample()));
                }
                return ids;
            });
        }
        List<NotificationId> seen = new ArrayList<>();
        tasks.add(() -> {
            String cursor = null;
            long giveUp = System.nanoTime() + TestTimeouts.AT_MOST.toNanos();
            while (seen.size() < writers * each && System.nanoTime() < giveUp) {
                for (NotificationCatalog.Event event : catalog().events(merchant(1), cursor, 7)) {
                    seen.add(event.notification().id());
                    cursor = event.cursor();
                }
            }
            return List.of();
        });

        List<List<NotificationId>> written = ConcurrentTasks.run(tasks);

        assertThat(seen).doesNotHaveDuplicates().hasSize(writers * each);
        for (List<NotificationId> oneWriters : written.subList(0, writers)) {
            assertThat(seen).containsSubsequence(oneWriters);
        }
    }

    @Test
    void whatIsNoCursorIsRefused() {
        for (String nonsense : List.of("", "-", "x y-1", "1-2-3", "zzzzzzzzzzzzzzzzzzzz-1")) {
            assertThatThrownBy(() -> catalog().events(merchant(1), nonsense, 10))
                    .as("'%s'", nonsense)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cursor");
        }
    }
}
