package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.core.TestTimeouts;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Wake;
import dev.rung.core.port.WakeQueue.WakeMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every queue of wakes does while nothing goes wrong, in real time: the flow bears the rest, but need not be tested by it here. */
public abstract class WakeQueueContract {
    protected static final int PREFETCH = 20;
    private static final Duration PATIENCE = TestTimeouts.AT_MOST;

    protected RecordingListener listener;
    protected WakeQueue queue;
    protected MachineLag stalls;

    /** A new queue, empty, not started, with {@link #PREFETCH}. */
    protected abstract WakeQueue open() throws Exception;

    /** The clock it goes by. */
    protected abstract long now();

    /** How late a wake may come, beside what the machine itself makes everything late. */
    protected abstract Duration lateness();

    @BeforeEach
    void start() throws Exception {
        stalls = MachineLag.watch();
        listener = new RecordingListener(this::now);
        queue = open();
        queue.start(listener);
        await().atMost(PATIENCE).until(queue::isConnected);
    }

    @AfterEach
    void close() {
        queue.close();
        stalls.close();
    }

    protected Wake wake(long dueAt) {
        return new Wake(new NotificationId(Sample.nextId(dueAt)), 3, dueAt);
    }

    protected void schedule(List<Wake> wakes) {
        try {
            assertThat(queue.schedule(wakes).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEmpty();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    protected void awaitDeliveries(int count) {
        await().pollInterval(Duration.ofMillis(5)).atMost(PATIENCE).until(() -> listener.count() >= count);
        assertThat(listener.count()).isEqualTo(count);
    }

    private boolean probe() throws Exception {
        return queue.probe().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Lets everything that could come, come: a probe travels behind it. One that could not be sent, as a queue may say that has only just connected, is sent again. */
    private void settleDown() {
        await().pollInterval(Duration.ofMillis(50)).atMost(PATIENCE).until(this::probe);
    }

    private void assertOnTime(RecordingListener.Arrival arrival) {
        long late = arrival.at() - arrival.message().wake().dueAt();
        assertThat(late).as("milliseconds after due").isBetween(-1L, lateAtMost());
    }

    private long lateAtMost() {
        return stalls.forgive(lateness()).toMillis();
    }

    @Test
    void aWakeComesWhenItIsDueAsItWasSent() {
        Wake wake = wake(now() + 300);
        schedule(List.of(wake));
        awaitDeliveries(1);
        RecordingListener.Arrival arrival = listener.arrivals().getFirst();
        assertThat(arrival.message().wake()).isEqualTo(wake);
        assertThat(arrival.message().redelivered()).isFalse();
        assertOnTime(arrival);
    }

    @Test
    void aWakeThatIsDueAlreadyComesAtOnce() {
        long sent = now();
        schedule(List.of(wake(sent - 5_000)));
        awaitDeliveries(1);
        assertThat(listener.arrivals().getFirst().at() - sent).isLessThanOrEqualTo(lateAtMost());
    }

    @Test
    void nothingIsSentAndNothingComes() throws Exception {
        schedule(List.of());
        settleDown();
        assertThat(listener.count()).isZero();
    }

    @Test
    void eachComesAtItsOwnTimeWhateverWasSentBefore() {
        listener.acknowledgeAll();
        long now = now();
        List<Wake> wakes = new ArrayList<>();
        for (long delay : new long[] {2_500, 1_600, 5, 400, 0, 900, 1_100, 150}) {
            wakes.add(wake(now + delay));
        }
        schedule(wakes);
        awaitDeliveries(wakes.size());
        assertThat(listener.wakes()).containsExactlyInAnyOrderElementsOf(wakes);
        listener.arrivals().forEach(this::assertOnTime);
    }

    @Test
    void everyOneOfManyComesOnce() throws Exception {
        listener.acknowledgeAll();
        long now = now();
        List<Wake> wakes =
                IntStream.range(0, 2_000).mapToObj(i -> wake(now + i % 500)).toList();
        List<Thread> senders = new ArrayList<>();
        for (int from = 0; from < wakes.size(); from += 250) {
            List<Wake> part = wakes.subList(from, from + 250);
            senders.add(Thread.ofVirtual().start(() -> schedule(part)));
        }
        for (Thread sender : senders) {
            sender.join();
        }
        awaitDeliveries(wakes.size());
        settleDown();
        assertThat(listener.wakes()).containsExactlyInAnyOrderElementsOf(wakes);
    }

    @Test
    void noMoreThanThePrefetchIsUnacknowledged() throws Exception {
        long now = now();
        List<Wake> wakes =
                IntStream.range(0, PREFETCH + 5).mapToObj(i -> wake(now)).toList();
        schedule(wakes);
        awaitDeliveries(PREFETCH);
        assertNoMoreFor(Duration.ofMillis(200));

        listener.arrivals().get(0).message().receipt().acknowledge();
        awaitDeliveries(PREFETCH + 1);
        listener.acknowledgeAll();
        awaitDeliveries(PREFETCH + 5);
        settleDown();
        assertThat(listener.wakes()).containsExactlyInAnyOrderElementsOf(wakes);
    }

    private void assertNoMoreFor(Duration time) {
        int before = listener.count();
        await().during(time).atMost(time.plus(PATIENCE)).until(() -> listener.count() == before);
    }

    @Test
    void whatIsHandedBackComesAgainAsIfForTheFirstTime() {
        Wake wake = wake(now());
        schedule(List.of(wake));
        awaitDeliveries(1);
        listener.arrivals().getFirst().message().receipt().handBack();
        awaitDeliveries(2);
        WakeMessage again = listener.arrivals().getLast().message();
        assertThat(again.wake()).isEqualTo(wake);
        assertThat(again.redelivered()).isFalse();
    }

    @Test
    void aDeliveryEndsOnce() throws Exception {
        Wake wake = wake(now());
        schedule(List.of(wake));
        awaitDeliveries(1);
        WakeQueue.Receipt receipt = listener.arrivals().getFirst().message().receipt();
        assertThat(receipt.isOpen()).isTrue();
        receipt.acknowledge();
        assertThat(receipt.isOpen()).isFalse();
        receipt.acknowledge();
        receipt.handBack();
        settleDown();
        assertThat(listener.count()).isEqualTo(1);

        // Had the second end counted too, more than the prefetch would come now.
        schedule(IntStream.range(0, PREFETCH + 5).mapToObj(i -> wake(now())).toList());
        awaitDeliveries(1 + PREFETCH);
        assertNoMoreFor(Duration.ofMillis(200));
    }

    @Test
    void aPausedQueueDeliversNothingUntilResumed() {
        listener.acknowledgeAll();
        queue.pause();
        Wake wake = wake(now() + 50);
        schedule(List.of(wake));
        assertNoMoreFor(Duration.ofMillis(400));
        queue.resume();
        awaitDeliveries(1);
        assertThat(listener.wakes()).containsExactly(wake);
    }

    @Test
    void whatWasDeliveredBeforeAPauseMayBeAcknowledgedInIt() throws Exception {
        schedule(List.of(wake(now())));
        awaitDeliveries(1);
        queue.pause();
        listener.acknowledgeAll();
        queue.resume();
        settleDown();
        assertThat(listener.count()).isEqualTo(1);
    }

    @Test
    void aProbeComesBackBehindWhatWasDueBefore() throws Exception {
        listener.acknowledgeAll();
        long now = now();
        schedule(IntStream.range(0, 500).mapToObj(i -> wake(now)).toList());
        assertThat(probe()).isTrue();
        assertThat(listener.count()).isEqualTo(500);
    }

    @Test
    void aProbeWaitsBehindABacklog() throws Exception {
        schedule(IntStream.range(0, PREFETCH + 1).mapToObj(i -> wake(now())).toList());
        awaitDeliveries(PREFETCH);
        var probe = queue.probe().toCompletableFuture();
        assertThat(catchTimeout(() -> probe.get(300, TimeUnit.MILLISECONDS))).isTrue();
        listener.acknowledgeAll();
        assertThat(probe.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** Something that may take its time. */
    protected interface Waiting {
        void run() throws Exception;
    }

    private static boolean catchTimeout(Waiting waiting) throws Exception {
        try {
            waiting.run();
            return false;
        } catch (TimeoutException e) {
            return true;
        }
    }

    @Test
    void aQueueHoldsNothingOfWhatHasComeAndGone() throws Exception {
        listener.acknowledgeAll();
        Wake wake = wake(now() + 100);
        schedule(List.of(wake));
        awaitDeliveries(1);
        settleDown();
        await().atMost(PATIENCE).until(() -> !queue.mayStillHold(wake.dueAt()));
    }

    @Test
    void depthsCountMessages() {
        assertThat(queue.depths().values())
                .allSatisfy(depth -> assertThat(depth).isNotNegative());
        assertThat(queue.horizon()).isPositive();
    }

    @Test
    void aClosedQueueDeliversNothing() {
        schedule(List.of(wake(now() + 450)));
        queue.close();
        assertNoMoreFor(Duration.ofMillis(800));
    }
}
