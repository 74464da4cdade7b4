package dev.rung.payments.history;

/**
 * Fault rates of a run. After a while all faults end, except for a bank that stays unreachable.
 *
 * @param crash a process dies at a step
 * @param storeFails a transaction fails, with or without effect
 * @param lost a call to the bank, or its answer, is lost
 * @param late a call takes effect at the bank only after its caller has given up
 * @param notFound the bank does not find an existing order
 * @param curt whether the bank rejects an order that it already has
 * @param silent whether the bank never answers a query
 * @param closesStrangers whether the bank closes an unknown order, so that it will reject it later; otherwise it
 *     answers "not found"
 */
record HistoryFaultRates(
        double crash,
        double storeFails,
        double lost,
        double late,
        double notFound,
        boolean curt,
        boolean silent,
        boolean closesStrangers,
        long until) {

    static HistoryFaultRates draw(TimeAndRandom random) {
        boolean calm = random.chance(0.2);
        boolean curt = random.chance(0.3);
        return new HistoryFaultRates(
                calm || random.chance(0.3) ? 0 : 0.02,
                calm || random.chance(0.3) ? 0 : 0.03,
                calm ? 0 : random.chance(0.3) ? 0.6 : 0.15,
                calm ? 0 : 0.1,
                // A bank that does both would report a paid order as rejected.
                calm || curt ? 0 : 0.2,
                curt,
                random.chance(0.03),
                random.chance(0.8),
                random.now() + 10_000 + random.upTo(240_000));
    }
}
