package dev.rung.queue.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Wake;
import dev.rung.queue.local.WakeHeap.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WakeHeapTest {
    private static final Comparator<Wake> DUE_ORDER =
            Comparator.comparingLong(Wake::dueAt).thenComparing(Wake::id);

    private static Wake wake(long due, long id) {
        return new Wake(new NotificationId(id), 1, due);
    }

    private static List<Wake> drain(WakeHeap heap) {
        List<Wake> drained = new ArrayList<>();
        while (!heap.isEmpty()) {
            drained.add(heap.take());
        }
        return drained;
    }

    @Test
    void wakesAreTakenInDueOrder() {
        Random random = new Random(1);
        WakeHeap heap = new WakeHeap(10_000, Position.LAST);
        List<Wake> wakes = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            Wake wake = wake(random.nextInt(500), i);
            wakes.add(wake);
            heap.add(wake);
        }
        wakes.sort(DUE_ORDER);
        assertThat(heap.firstDue()).isEqualTo(wakes.getFirst().dueAt());
        assertThat(drain(heap)).isEqualTo(wakes);
        assertThat(heap.firstDue()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aFullHeapKeepsExactlyWhatLiesBeforeItsHorizon() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int sizeMax = 2 + random.nextInt(60);
            int dues = 1 + random.nextInt(40);
            WakeHeap heap = new WakeHeap(sizeMax, Position.LAST);
            List<Wake> wakes = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                Wake wake = wake(random.nextInt(dues), i);
                wakes.add(wake);
                heap.add(wake);
                assertThat(heap.size()).isLessThanOrEqualTo(sizeMax);
            }
            Position horizon = heap.horizon();
            List<Wake> expected = wakes.stream()
                    .filter(w -> Position.of(w).compareTo(horizon) <= 0)
                    .sorted(DUE_ORDER)
                    .toList();
            assertThat(drain(heap)).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void nothingBeyondTheHorizonIsKept() {
        WakeHeap heap = new WakeHeap(10, new Position(100, 5));
        heap.add(wake(100, 6));
        heap.add(wake(101, 1));
        assertThat(heap.isEmpty()).isTrue();
        heap.add(wake(100, 5));
        heap.add(wake(99, 7));
        assertThat(drain(heap)).containsExactly(wake(99, 7), wake(100, 5));
        heap.extend(new Position(200, 0));
        heap.add(wake(101, 1));
        assertThat(heap.size()).isEqualTo(1);
    }

    @Test
    void aHeapOfOneNotificationOverAndOverStaysBounded() {
        WakeHeap heap = new WakeHeap(8, Position.LAST);
        for (int number = 1; number <= 100; number++) {
            heap.add(new Wake(new NotificationId(5), number, 50));
        }
        assertThat(heap.size()).isLessThanOrEqualTo(8);
        assertThat(heap.horizon()).isLessThan(new Position(50, 5));
    }
}
