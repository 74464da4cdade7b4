package dev.rung.reconciliation;

import java.util.Arrays;

/**
 * Which entries of a bill speak of which payment: a hash table of primitives, some 40 bytes an entry, so that a bill of millions of lines is no matter. Entries are counted
 * from 0 in the bill's order.
 */
final class BillIndex {
    static final int NONE = -1;

    /** No payment has it: ids are not negative. */
    private static final long FOREIGN = -1;

    private long[] ids = new long[1024];
    private long[] amounts = new long[1024];
    private int[] tradeNos = new int[1024];
    private int[] nexts = new int[1024];
    private int[] table = filled(4096);
    private int size;

    /**
     * Adds the next entry.
     *
     * @param id the payment's; {@link #FOREIGN} is never found again
     * @param amount minor units, and the currency in the bits above; see {@link Reconciliation}
     * @param tradeNo a hash of the channel's number
     */
    void add(long id, long amount, int tradeNo) {
        if (size == ids.length) {
            grow();
        }
        ids[size] = id;
        amounts[size] = amount;
        tradeNos[size] = tradeNo;
        link(size++);
    }

    /** For an order that is not from here. */
    void addForeign() {
        add(FOREIGN, 0, 0);
    }

    int size() {
        return size;
    }

    boolean isForeign(int entry) {
        return ids[entry] == FOREIGN;
    }

    long id(int entry) {
        return ids[entry];
    }

    long amount(int entry) {
        return amounts[entry];
    }

    int tradeNo(int entry) {
        return tradeNos[entry];
    }

    /** The entry of this payment that was added last, or {@link #NONE}. */
    int last(long id) {
        return of(id, table[slot(id)]);
    }

    /** The entry of the same payment before this one, or {@link #NONE}. */
    int before(int entry) {
        return of(ids[entry], nexts[entry]);
    }

    private int of(long id, int from) {
        int entry = from;
        while (entry != NONE && ids[entry] != id) {
            entry = nexts[entry];
        }
        return entry;
    }

    private void link(int entry) {
        int slot = slot(ids[entry]);
        nexts[entry] = table[slot];
        table[slot] = entry;
    }

    private void grow() {
        int capacity = Math.multiplyExact(size, 2);
        ids = Arrays.copyOf(ids, capacity);
        amounts = Arrays.copyOf(amounts, capacity);
        tradeNos = Arrays.copyOf(tradeNos, capacity);
        nexts = Arrays.copyOf(nexts, capacity);
        table = filled(Math.multiplyExact(table.length, 2));
        for (int entry = 0; entry < size; entry++) {
            link(entry);
        }
    }

    private int slot(long id) {
        // Ids rise with time: their low bits are counters, multiplied so that they spread.
        return (int) ((id * 0x9E3779B97F4A7C15L) >>> (64 - Integer.numberOfTrailingZeros(table.length)));
    }

    private static int[] filled(int length) {
        int[] table = new int[length];
        Arrays.fill(table, NONE);
        return table;
    }
}
