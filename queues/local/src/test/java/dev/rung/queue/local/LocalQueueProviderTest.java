package dev.rung.queue.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.memory.MemoryMetaStore;
import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.port.DeadLetterStrategy;
import dev.rung.core.port.MetaStore;
import dev.rung.core.port.QueueProvider;
import dev.rung.core.port.Queues;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class LocalQueueProviderTest {
    private static final QueueProvider.Config CONFIG =
            new QueueProvider.Config(null, DeadLetterStrategy.AT_LEAST_ONCE, 4);

    private final InstantSource clock = InstantSource.system();
    private final MetaStore meta = new MemoryMetaStore();

    private Queues open() {
        QueueProvider provider = QueueProvider.forUri(null).orElseThrow();
        assertThat(provider.isEmbedded()).isTrue();
        return provider.open(CONFIG, new MemoryNotificationStore(clock), meta, clock);
    }

    private static boolean isUnclean(Queues queues) {
        return ((LocalWakeQueue) queues.wakes()).mayHoldDoubt();
    }

    @Test
    void theFirstStartFollowsNoCrash() {
        assertThat(isUnclean(open())).isFalse();
    }

    @Test
    void aStartAfterADrainFollowsACleanShutdown() {
        open().drained();

        assertThat(isUnclean(open())).isFalse();
    }

    @Test
    void aStartWithoutADrainBeforeMayRepeatAttempts() {
        open();

        assertThat(isUnclean(open())).isTrue();
    }

    @Test
    void aDrainedProcessThatDidNotDeliverWhatMayRepeatLeavesNoCleanShutdown() {
        open();
        Queues second = open();
        second.drained(); // not even started: nothing of what may repeat was delivered

        assertThat(isUnclean(open())).isTrue();
    }

    @Test
    void thereAreNoSubmissionsAndNoOtherServers() {
        Queues queues = open();

        assertThat(queues.submissions(submission -> null)).isEmpty();
        assertThat(queues.rejectedSubmissions().count()).hasValue(0L);
        assertThat(queues.events(event -> {})).isEmpty();
        assertThat(queues.problems()).isEmpty();
    }
}
