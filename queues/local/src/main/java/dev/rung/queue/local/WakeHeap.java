package dev.rung.queue.local;

import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Wake;
import java.util.Arrays;

/**
 * The nearest due wakes, and the horizon up to which they are complete. Not thread-safe.
 *
 * <p>The heap contains every wake given to it that is due at or before {@link #horizon()} and refuses later ones. When
 * it is full, it drops the later half and lowers its horizon accordingly. It uses 20 bytes per wake.
 */
final class WakeHeap {
    /** A position in due order. The order among wakes due in the same millisecond makes paging exact. */
    record Position(long dueAt, long id) implements Comparable<Position> {
        static final Position FIRST = new Position(Long.MIN_VALUE, 0);
        static final Position LAST = new Position(Long.MAX_VALUE, Long.MAX_VALUE);

        static Position of(Wake wake) {
            return new Position(wake.dueAt(), wake.id().value());
        }

        @Override
        public int compareTo(Position other) {
            int byDue = Long.compare(dueAt, other.dueAt);
            return byDue == 0 ? Long.compare(id, other.id) : byDue;
        }
    }

    private static final int SIZE_AT_FIRST = 1024;

    private final int sizeMax;
    private long[] dues;
    private long[] ids;
    private int[] numbers;
    private int size;
    private Position horizon;

    WakeHeap(int sizeMax, Position horizon) {
        if (sizeMax < 2) {
            throw new IllegalArgumentException("a heap that forgets its later half holds at least two, not " + sizeMax);
        }
        this.sizeMax = sizeMax;
        this.horizon = horizon;
        int room = Math.min(sizeMax, SIZE_AT_FIRST);
        dues = new long[room];
        ids = new long[room];
        numbers = new int[room];
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    Position horizon() {
        return horizon;
    }

    /** Raises the horizon; the caller has just added all wakes up to it. */
    void extend(Position further) {
        horizon = further;
    }

    /** Adds a wake, unless it is beyond the horizon. */
    void add(Wake wake) {
        if (Position.of(wake).compareTo(horizon) > 0) {
            return;
        }
        if (size == sizeMax) {
            forgetLaterHalf();
            add(wake);
            return;
        }
        if (size == dues.length) {
            grow();
        }
        set(size, wake.dueAt(), wake.id().value(), wake.number());
        up(size++);
    }

    /** Due time of the first wake; {@link Long#MAX_VALUE} if there is none. */
    long firstDue() {
        return size == 0 ? Long.MAX_VALUE : dues[0];
    }

    /**
     * Removes the first wake. Of several wakes of one notification due at the same time only the latest is returned:
     * the others are stale, or duplicates.
     */
    Wake take() {
        long due = dues[0];
        long id = ids[0];
        int number = numbers[0];
        removeFirst();
        while (size > 0 && dues[0] == due && ids[0] == id) {
            number = Math.max(number, numbers[0]);
            removeFirst();
        }
        return new Wake(new NotificationId(id), number, due);
    }

    private void removeFirst() {
        size--;
        move(size, 0);
        down(0);
    }

    private void forgetLaterHalf() {
        int keep = sizeMax / 2;
        partition(keep);
        int firstForgotten = keep;
        for (int i = keep + 1; i < size; i++) {
            if (before(i, firstForgotten)) {
                firstForgotten = i;
            }
        }
        horizon = new Position(dues[firstForgotten], ids[firstForgotten] - 1);
        size = keep;
        for (int i = size / 2 - 1; i >= 0; i--) {
            down(i);
        }
    }

    /** Moves the earliest {@code keep} wakes to the front, in any order: Hoare's selection. */
    private void partition(int keep) {
        int low = 0;
        int high = size - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            long pivotDue = dues[middle];
            long pivotId = ids[middle];
            int i = low;
            int j = high;
            while (i <= j) {
                while (compare(i, pivotDue, pivotId) < 0) {
                    i++;
                }
                while (compare(j, pivotDue, pivotId) > 0) {
                    j--;
                }
                if (i <= j) {
                    swap(i++, j--);
                }
            }
            if (keep <= j) {
                high = j;
            } else if (keep >= i) {
                low = i;
            } else {
                return;
            }
        }
    }

    private int compare(int i, long due, long id) {
        int byDue = Long.compare(dues[i], due);
        return byDue == 0 ? Long.compare(ids[i], id) : byDue;
    }

    private boolean before(int i, int j) {
        return compare(i, dues[j], ids[j]) < 0;
    }

    private void up(int i) {
        while (i > 0) {
            int parent = (i - 1) / 2;
            if (!before(i, parent)) {
                return;
            }
            swap(i, parent);
            i = parent;
        }
    }

    private void down(int i) {
        while (true) {
            int child = 2 * i + 1;
            if (child >= size) {
                return;
            }
            if (child + 1 < size && before(child + 1, child)) {
                child++;
            }
            if (!before(child, i)) {
                return;
            }
            swap(i, child);
            i = child;
        }
    }

    private void set(int i, long due, long id, int number) {
        dues[i] = due;
        ids[i] = id;
        numbers[i] = number;
    }

    private void move(int from, int to) {
        set(to, dues[from], ids[from], numbers[from]);
    }

    private void swap(int i, int j) {
        long due = dues[i];
        long id = ids[i];
        int number = numbers[i];
        move(j, i);
        set(j, due, id, number);
    }

    private void grow() {
        int room = Math.min(sizeMax, 2 * dues.length);
        dues = Arrays.copyOf(dues, room);
        ids = Arrays.copyOf(ids, room);
        numbers = Arrays.copyOf(numbers, room);
    }
}
