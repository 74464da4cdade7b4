package dev.rung.queue.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rung.core.port.Timer.Cancellable;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalTimerTest {
    private final LocalTimer timer = new LocalTimer();
    private final AtomicInteger ran = new AtomicInteger();

    @AfterEach
    void close() {
        timer.close();
    }

    @Test
    void aTaskRunsOnceAfterItsDelay() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        long begin = System.nanoTime();
        timer.after(Duration.ofMillis(50), done::countDown);
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(50_000_000);
    }

    @Test
    void aTaskTakenBackDoesNotRun() {
        Cancellable cancelled = timer.after(Duration.ofSeconds(3), ran::incrementAndGet);
        cancelled.cancel();
        cancelled.cancel();
        timer.after(Duration.ofMillis(3_100), () -> ran.addAndGet(10));
        await().until(() -> ran.get() >= 10);
        assertThat(ran.get()).isEqualTo(10);
    }

    @Test
    void aTaskThatBlocksDelaysNoOther() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        timer.after(Duration.ZERO, () -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        timer.after(Duration.ofMillis(10), second::countDown);
        assertThat(second.await(60, TimeUnit.SECONDS)).isTrue();
        release.countDown();
    }

    @Test
    void tooManyTimersAreAMistakeThatShows() {
        try (LocalTimer small = new LocalTimer(2)) {
            small.after(Duration.ofHours(1), ran::incrementAndGet);
            Cancellable second = small.after(Duration.ofHours(1), ran::incrementAndGet);
            assertThatThrownBy(() -> small.after(Duration.ofHours(1), ran::incrementAndGet))
                    .isInstanceOf(IllegalStateException.class);
            second.cancel();
            small.after(Duration.ofHours(1), ran::incrementAndGet);
        }
    }

    @Test
    void aClosedTimerRunsNothing() {
        LocalTimer closed = new LocalTimer();
        closed.after(Duration.ofSeconds(2), ran::incrementAndGet);
        closed.close();
        closed.after(Duration.ZERO, ran::incrementAndGet).cancel();
        CountDownLatch later = new CountDownLatch(1);
        timer.after(Duration.ofMillis(2_100), later::countDown);
        await().until(() -> later.getCount() == 0);
        assertThat(ran.get()).isZero();
    }
}
