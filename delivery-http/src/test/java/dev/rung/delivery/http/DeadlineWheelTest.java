package dev.rung.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeadlineWheelTest {
    private static final long DEADLINE = TimeUnit.MILLISECONDS.toNanos(150);

    private static final class Watched extends DeadlineWheel.Entry {
        private final AtomicInteger times = new AtomicInteger();
        private final long startedAt = System.nanoTime();
        private volatile long tookNanos;

        @Override
        void expire() {
            tookNanos = System.nanoTime() - startedAt;
            times.incrementAndGet();
        }
    }

    @Test
    void everyEntryExpiresOnceAndNeverEarly() {
        try (DeadlineWheel wheel = new DeadlineWheel(DEADLINE, () -> {})) {
            List<Watched> all = new ArrayList<>();
            // Spread over more than a turn, so that slots are used again.
            await().pollInterval(5, TimeUnit.MILLISECONDS).until(() -> {
                Watched one = new Watched();
                wheel.add(one, DEADLINE);
                all.add(one);
                return all.size() == 100;
            });
            await().until(() -> all.stream().allMatch(e -> e.times.get() > 0));
            assertThat(all).allMatch(e -> e.tookNanos >= DEADLINE).allMatch(e -> e.times.get() == 1);
        }
    }

    @Test
    void whatWasRemovedDoesNotExpire() {
        // Longer, so that none expires before it is removed.
        try (DeadlineWheel wheel = new DeadlineWheel(TimeUnit.SECONDS.toNanos(3), () -> {})) {
            List<Watched> entries = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                entries.add(new Watched());
                wheel.add(entries.get(i), TimeUnit.SECONDS.toNanos(3));
            }
            // First, middle and last of a list, one of them twice.
            for (int i : new int[] {8, 4, 0, 4}) {
                wheel.remove(entries.get(i));
            }
            await().until(() -> entries.stream().filter(e -> e.times.get() > 0).count() == 6);
            wheel.remove(entries.get(1));
            assertThat(List.of(entries.get(8), entries.get(4), entries.get(0))).allMatch(e -> e.times.get() == 0);
        }
    }

    @Test
    void closingExpiresWhatIsThereAndWhatComesLater() {
        DeadlineWheel wheel = new DeadlineWheel(TimeUnit.HOURS.toNanos(1), () -> {});
        Watched before = new Watched();
        Watched after = new Watched();
        wheel.add(before, TimeUnit.HOURS.toNanos(1));
        wheel.close();
        assertThat(before.times).hasValue(1);
        wheel.add(after, TimeUnit.HOURS.toNanos(1));
        assertThat(after.times).hasValue(1);
    }

    @Test
    void aTurnThatFailsDoesNotKeepLaterDeadlinesFromComing() {
        AtomicInteger turns = new AtomicInteger();
        Runnable failingOnce = () -> {
            if (turns.getAndIncrement() == 0) {
                throw new IllegalStateException("a bug");
            }
        };
        try (DeadlineWheel wheel = new DeadlineWheel(DEADLINE, failingOnce)) {
            Watched entry = new Watched();
            wheel.add(entry, DEADLINE);
            await().until(() -> entry.times.get() == 1);
        }
    }

    @Test
    void itTicksThoughNothingIsThere() {
        AtomicInteger ticks = new AtomicInteger();
        try (DeadlineWheel wheel = new DeadlineWheel(DEADLINE, ticks::incrementAndGet)) {
            await().until(() -> ticks.get() > 3);
            assertThat(wheel.isClosed()).isFalse();
        }
    }
}
