package dev.rung.reconciliation;

import java.util.Arrays;

/**
 * Finds a bill's entries by payment: a hash table of primitives, some 40 bytes per entry, so that a bill of millions of
 * lines fits in memory. Entries are counted from 0 in the bill's order.
 */
final class BillIndex {
    static final int NONE = -1;

    /** The id of no payment: ids are not negative. */
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
     * @param id the payment's; {@link #FOREIGN} entries cannot be looked up
     * @param amount minor units, with the currency in the upper bits; see {@link Reconciliation}
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

    /** For an order that is not from Rung. */
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

    /** The latest entry of this payment, or {@link #NONE}. */
    int last(long id) {
        return of(id, table[slot(id)]);
    }

    /** The previous entry of the same payment, or {@link #NONE}. */
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
        // Ids increase with time and their low bits are counters; the multiplication spreads them.
        return (int) ((id * 0x9E3779B97F4A7C15L) >>> (64 - Integer.numberOfTrailingZeros(table.length)));
    }

    private static int[] filled(int length) {
        int[] table = new int[length];
        Arrays.fill(table, NONE);
        return table;
    }
}
