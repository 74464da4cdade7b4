package dev.rung.queue.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.core.TestTimeouts;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Wake;
import dev.rung.core.port.RecordingListener;
import dev.rung.core.port.WakeQueue;
import dev.rung.core.port.WakeQueueContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LocalWakeQueueTest extends WakeQueueContract {
    private static final Duration PATIENCE = TestTimeouts.AT_MOST;

    private final Committed committed = new Committed();

    /** The wakes in the store, in due order. */
    private static final class Committed implements LocalWakeQueue.Source {
        private static final Comparator<Wake> DUE_ORDER =
                Comparator.comparingLong(Wake::dueAt).thenComparing(Wake::id);

        private final NavigableSet<Wake> wakes = new ConcurrentSkipListSet<>(DUE_ORDER);
        private final AtomicInteger reads = new AtomicInteger();
        private volatile Runnable duringRead = () -> {};

        @Override
        public List<Wake> queued(@Nullable Wake after, long dueUntil, int limit) {
            reads.incrementAndGet();
            NavigableSet<Wake> rest = after == null ? wakes : wakes.tailSet(after, false);
            List<Wake> page = rest.stream().limit(limit).toList();
            duringRead.run();
            return page;
        }
    }

    @Override
    protected WakeQueue open() {
        return new LocalWakeQueue(committed, InstantSource.system(), PREFETCH, false);
    }

    @Override
    protected long now() {
        return System.currentTimeMillis();
    }

    @Override
    protected Duration lateness() {
        return Duration.ofMillis(500);
    }

    private LocalWakeQueue small(boolean unclean) {
        LocalWakeQueue small =
                new LocalWakeQueue(committed, InstantSource.system(), Integer.MAX_VALUE, unclean, 64, 10);
        queue.close();
        queue = small;
        return small;
    }

    private long held() {
        return queue.depths().getOrDefault("held", -1L);
    }

    private void startSmall(boolean unclean) {
        small(unclean).start(listener);
    }

    @Test
    void whatTheStoreHasComesWithoutBeingSent() {
        for (int i = 0; i < 500; i++) {
            committed.wakes.add(wake(now() + i % 300));
        }
        listener.acknowledgeAll();
        startSmall(false);
        awaitDeliveries(500);
        assertThat(listener.wakes()).containsExactlyElementsOf(committed.wakes);
        assertThat(listener.arrivals()).noneMatch(a -> a.message().redelivered());
    }

    @Test
    void afterAnUncleanEndWhatWasDueByThenMayHaveBeenDelivered() {
        Wake before = wake(now() - 1_000);
        Wake after = wake(now() + 3_000);
        committed.wakes.addAll(List.of(before, after));
        startSmall(true);
        awaitDeliveries(2);
        assertThat(listener.arrivals())
                .extracting(a -> a.message().redelivered())
                .containsExactly(true, false);
    }

    @Test
    void doubtLastsUntilTheLastThatMayRepeatIsAcknowledged() {
        assertThat(((LocalWakeQueue) queue).mayHoldDoubt())
                .as("after a clean end")
                .isFalse();
        committed.wakes.add(wake(now() - 1_000));
        LocalWakeQueue small = small(true);
        small.pause();
        small.start(listener);
        assertThat(small.mayHoldDoubt()).isTrue();
        small.resume();
        awaitDeliveries(1);
        assertThat(small.mayHoldDoubt()).as("it is not acknowledged").isTrue();
        listener.arrivals().getFirst().message().receipt().handBack();
        awaitDeliveries(2);
        assertThat(small.mayHoldDoubt())
                .as("it was handed back and has come again")
                .isTrue();
        listener.arrivals().getLast().message().receipt().acknowledge();
        assertThat(small.mayHoldDoubt()).isFalse();
    }

    @Test
    void whatIsSentBeyondTheHorizonComesAllTheSame() {
        listener.acknowledgeAll();
        startSmall(false);
        long now = now();
        for (int i = 0; i < 1_000; i++) {
            Wake wake = wake(now + 1_000 - i);
            committed.wakes.add(wake);
            schedule(List.of(wake));
            assertThat(held()).isLessThanOrEqualTo(64);
        }
        awaitDeliveries(1_000);
        assertThat(listener.wakes()).containsExactlyInAnyOrderElementsOf(committed.wakes);
    }

    @Test
    void whatIsCommittedAndSentWhileAPageIsBeingReadComes() {
        long now = now();
        for (int i = 0; i < 30; i++) {
            committed.wakes.add(wake(now + 10L * i));
        }
        List<Wake> late = new ArrayList<>();
        LocalWakeQueue small = small(false);
        committed.duringRead = () -> {
            // After the snapshot of the page: the wake is in the store, and in no page so far.
            Wake wake = wake(now + late.size());
            late.add(wake);
            committed.wakes.add(wake);
            small.schedule(List.of(wake));
        };
        small.start(listener);
        awaitEveryCommittedOne();
    }

    private void awaitEveryCommittedOne() {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(new HashSet<>(listener.wakes())).isEqualTo(Set.copyOf(committed.wakes)));
    }

    @Test
    void aPageReadWhileTheHeapOverflowsLeavesNoGap() {
        long now = now();
        for (int i = 0; i < 40; i++) {
            committed.wakes.add(wake(now + 500 + i));
        }
        AtomicInteger reads = new AtomicInteger();
        LocalWakeQueue small = small(false);
        committed.duringRead = () -> {
            if (reads.incrementAndGet() == 3) {
                for (int i = 0; i < 200; i++) {
                    Wake wake = wake(now + 100 + i);
                    committed.wakes.add(wake);
                    small.schedule(List.of(wake));
                }
            }
        };
        small.start(listener);
        awaitEveryCommittedOne();
    }

    @Test
    void noWakeIsLostBetweenManySendersAndThePager() throws Exception {
        listener.acknowledgeAll();
        startSmall(false);
        CountDownLatch begin = new CountDownLatch(1);
        List<Thread> senders = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            Random random = new Random(t);
            senders.add(Thread.ofVirtual().start(() -> sendMany(begin, random)));
        }
        begin.countDown();
        for (Thread sender : senders) {
            sender.join();
        }
        await().atMost(PATIENCE).until(() -> Set.copyOf(listener.wakes()).size() == 8 * 1_500);
        assertThat(Set.copyOf(listener.wakes())).isEqualTo(Set.copyOf(committed.wakes));
    }

    private void sendMany(CountDownLatch begin, Random random) {
        try {
            begin.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        for (int i = 0; i < 500; i++) {
            List<Wake> batch = new ArrayList<>();
            for (int j = 0; j < 3; j++) {
                batch.add(wake(now() + random.nextInt(1_500)));
            }
            committed.wakes.addAll(batch);
            queue.schedule(batch);
        }
    }

    @Test
    void aStoreThatIsAwayIsAskedAgain() {
        AtomicInteger failures = new AtomicInteger();
        committed.wakes.add(wake(now()));
        LocalWakeQueue.Source failing = (after, dueUntil, limit) -> {
            if (failures.incrementAndGet() < 3) {
                throw new IllegalStateException("away");
            }
            return committed.queued(after, dueUntil, limit);
        };
        queue.close();
        queue = new LocalWakeQueue(failing, InstantSource.system(), PREFETCH, false);
        queue.start(listener);
        awaitDeliveries(1);
    }

    @Test
    void itSaysExactlyWhatItMayHold() {
        listener.acknowledgeAll();
        long due = now() + 60_000;
        schedule(List.of(wake(due)));
        await().atMost(PATIENCE).until(() -> !queue.mayStillHold(due - 1));
        assertThat(queue.mayStillHold(due)).isTrue();
        assertThat(queue.mayStillHold(due + 1)).isTrue();
    }

    @Test
    void ofTwoWakesOfOneNotificationDueAtOnceTheLaterNumberComes() {
        queue.pause();
        long due = now();
        NotificationId id = new NotificationId(7);
        schedule(List.of(new Wake(id, 2, due), new Wake(id, 3, due), new Wake(id, 2, due)));
        queue.resume();
        awaitDeliveries(1);
        assertThat(listener.wakes()).containsExactly(new Wake(id, 3, due));
    }

    @Test
    void aMillionWaitingInTheStoreAreHeldInPart() {
        long now = now();
        AtomicInteger generated = new AtomicInteger();
        LocalWakeQueue.Source million = (after, dueUntil, limit) -> {
            long from = after == null ? 0 : after.id().value();
            List<Wake> page = new ArrayList<>();
            for (long id = from + 1; id <= 1_000_000 && page.size() < limit; id++) {
                page.add(new Wake(new NotificationId(id), 1, now + 60_000 + id));
            }
            generated.addAndGet(page.size());
            return page;
        };
        queue.close();
        queue = new LocalWakeQueue(million, InstantSource.system(), PREFETCH, false);
        queue.start(listener);
        await().atMost(PATIENCE).until(() -> held() >= 50_000);
        assertThat(generated.get()).isLessThan(100_000);

        Wake early = wake(now() + 20);
        schedule(List.of(early));
        awaitDeliveries(1);
        assertThat(listener.wakes()).containsExactly(early);
    }

    @Test
    void aListenerThatThrowsStopsNothing() {
        AtomicInteger calls = new AtomicInteger();
        RecordingListener after = listener;
        queue.close();
        queue = open();
        queue.start(new WakeQueue.Listener() {
            @Override
            public void due(List<WakeQueue.WakeMessage> messages) {
                if (calls.incrementAndGet() == 1) {
                    throw new IllegalStateException("a defect");
                }
                after.due(messages);
            }

            @Override
            public CompletionStage<@Nullable Void> forgotten() {
                return after.forgotten();
            }

            @Override
            public void lost(List<Wake> wakes) {
                after.lost(wakes);
            }
        });
        schedule(List.of(wake(now())));
        await().atMost(PATIENCE).until(() -> calls.get() == 1);
        schedule(List.of(wake(now())));
        awaitDeliveries(1);
    }

    @Test
    void wakesComeHardlyLaterThanTheMachineLetsAnyThreadGoOn() {
        listener.acknowledgeAll();
        // A busy machine may delay one round; a slow queue delays every one.
        await().untilAsserted(() -> {
            List<Long> late = latenessOf200();
            assertThat(late.getFirst()).isNotNegative();
            assertThat(late.get(100)).as("the median, in milliseconds").isLessThanOrEqualTo(stalls.median() + 2);
        });
    }

    private List<Long> latenessOf200() {
        int before = listener.count();
        long now = now();
        for (int i = 0; i < 200; i++) {
            schedule(List.of(wake(now + 100 + 3L * i)));
        }
        awaitDeliveries(before + 200);
        return listener.arrivals().stream()
                .skip(before)
                .map(a -> a.at() - a.message().wake().dueAt())
                .sorted()
                .collect(Collectors.toList());
    }
}
