package dev.rung.payments.history;

/**
 * What goes wrong, how often; nothing does any more after a while, but for a bank that stays out of reach.
 *
 * @param crash that a process dies at a step
 * @param storeFails that a transaction fails, with or without effect
 * @param lost that a call to the bank, or its answer, is lost
 * @param late that a call has its effect at the bank only after its caller has given it up
 * @param notFound that the bank does not find what it has
 * @param curt whether the bank calls an order refused that it has already
 * @param silent whether the bank never answers a query
 * @param closesStrangers whether the bank closes what it has never seen, so that it will not take it later; otherwise it knows no such order
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
                // A bank that does both would have us believe that a paid order was refused.
                calm || curt ? 0 : 0.2,
                curt,
                random.chance(0.03),
                random.chance(0.8),
                random.now() + 10_000 + random.upTo(240_000));
    }
}
