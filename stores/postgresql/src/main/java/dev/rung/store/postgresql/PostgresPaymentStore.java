package dev.rung.store.postgresql;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Ids;
import dev.rung.core.model.MerchantId;
import dev.rung.payments.model.Acceptance;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentStore;
import dev.rung.store.common.CodedSql;
import dev.rung.store.common.DiscrepancyRows;
import dev.rung.store.common.PaymentRows;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Payments in PostgreSQL. Thread-safe; several servers may share the database. Uses read committed and decides only from locked rows. */
final class PostgresPaymentStore implements PaymentStore {
    private static final String FIND = "SELECT " + PaymentRows.PAYMENT_READ + " FROM payment WHERE id = ?";

    private static final String FIND_OF_MERCHANT =
            "SELECT " + PaymentRows.PAYMENT_READ + " FROM payment WHERE out_trade_no = ? AND merchant_id = ?";

    private static final String STORY =
            "SELECT " + PaymentRows.EVENT + " FROM payment_event WHERE payment_id = ? ORDER BY id LIMIT ?";

    private static final String CALLBACKS =
            "SELECT " + PaymentRows.CALLBACK + " FROM payment_callback c WHERE c.payment_id = ? ORDER BY c.id LIMIT ?";

    private static final String UNVERIFIED = "SELECT " + PaymentRows.CALLBACK
            + " FROM payment_callback c WHERE NOT c.verified AND c.channel = ? AND c.id < ? ORDER BY c.id DESC LIMIT ?";

    private static final String ORPHANS = "SELECT " + PaymentRows.CALLBACK + ", " + PaymentRows.DISCREPANCY + """
             FROM payment_callback c JOIN discrepancy d ON d.id = c.discrepancy_id
            WHERE c.discrepancy_id IS NOT NULL AND c.id > ? AND d.resolved_at IS NULL
            ORDER BY c.id LIMIT ?
            """;

    private static final String DISCREPANCIES =
            "SELECT " + PaymentRows.DISCREPANCY + " FROM discrepancy d WHERE d.id < ? ORDER BY d.id DESC LIMIT ?";

    private static final String OPEN_DISCREPANCIES = "SELECT " + PaymentRows.DISCREPANCY
            + " FROM discrepancy d WHERE d.resolved_at IS NULL AND d.id < ? ORDER BY d.id DESC LIMIT ?";

    /** Open payments are few: the partial index holds no others. */
    private static final String HAS_OPEN = CodedSql.of("""
            SELECT 1 FROM payment
            WHERE merchant_id = ? AND (state IN ({PaymentState.CREATED}, {PaymentState.PAYING}) OR amount_refunding > 0) LIMIT 1
            """);

    private static final String COUNT_OPEN =
            "SELECT count(*) FROM (SELECT FROM discrepancy WHERE resolved_at IS NULL LIMIT ?) AS d";

    private static final String COUNTS =
            "SELECT state, sum(n)::bigint AS n FROM payment_count GROUP BY state HAVING sum(n) <> 0";

    private static final String PURGE = """
            WITH old AS (
              SELECT id FROM payment WHERE timeline_until < ? AND amount_refunding = 0
              ORDER BY timeline_until, id LIMIT ? FOR UPDATE SKIP LOCKED
            ), events AS (
              DELETE FROM payment_event e USING old WHERE e.payment_id = old.id
            ), callbacks AS (
              DELETE FROM payment_callback c USING old WHERE c.payment_id = old.id
            )
            UPDATE payment p SET timeline_until = NULL FROM old WHERE p.id = old.id
            """;

    private static final String PURGE_ORPHANS = """
            DELETE FROM payment_callback WHERE id IN (
              SELECT c.id FROM payment_callback c JOIN discrepancy d ON d.id = c.discrepancy_id
              WHERE c.discrepancy_id IS NOT NULL AND c.payment_id IS NULL AND d.resolved_at < ?
              ORDER BY c.id LIMIT ? FOR UPDATE OF c SKIP LOCKED)
            """;

    private static final String PURGE_RECORDS = """
            WITH old AS (
              SELECT p.id, p.state FROM payment p
              WHERE p.id < ? AND p.state IN (2, 3, 4) AND p.amount_refunding = 0
                AND NOT EXISTS (SELECT FROM discrepancy d WHERE d.payment_id = p.id AND d.resolved_at IS NULL)
              ORDER BY p.id LIMIT ? FOR UPDATE OF p SKIP LOCKED
            ), events AS (
              DELETE FROM payment_event e USING old WHERE e.payment_id = old.id
            ), callbacks AS (
              DELETE FROM payment_callback c USING old WHERE c.payment_id = old.id
            ), refunds AS (
              DELETE FROM refund r USING old WHERE r.payment_id = old.id
            ), discrepancies AS (
              DELETE FROM discrepancy d USING old WHERE d.payment_id = old.id
            ), counted AS (
              INSERT INTO payment_count (slot, state, n)
              SELECT %s, state, -count(*) FROM old GROUP BY state
              ON CONFLICT (slot, state) DO UPDATE SET n = payment_count.n + excluded.n
            )
            DELETE FROM payment p USING old WHERE p.id = old.id
            """.formatted(StateCounters.SLOT);

    private static final String PURGE_STRAY_DISCREPANCIES = """
            WITH old AS (
              SELECT id FROM discrepancy WHERE id < ? AND payment_id IS NULL AND resolved_at < ?
              ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED
            ), callbacks AS (
              DELETE FROM payment_callback c USING old WHERE c.discrepancy_id = old.id
            )
            DELETE FROM discrepancy d USING old WHERE d.id = old.id
            """;

    private static final String LAST_ID = """
            SELECT greatest(
              (SELECT max(id) FROM payment),
              (SELECT max(id) FROM refund),
              (SELECT max(id) FROM payment_event),
              (SELECT max(id) FROM payment_callback),
              (SELECT max(id) FROM discrepancy),
              0)
            """;

    private final PostgresDatabase database;
    private final PostgresDatabase catalog;
    private final PaymentSearch search;

    /**
     * @param catalog the pool for searches
     */
    PostgresPaymentStore(PostgresDatabase database, PostgresDatabase catalog) {
        this.database = database;
        this.catalog = catalog;
        this.search = new PaymentSearch(catalog);
    }

    @Override
    public List<CreateResult> create(List<NewPayment> batch) {
        return batch.isEmpty()
                ? List.of()
                : database.transaction(connection -> PaymentChangeWriter.create(connection, batch));
    }

    @Override
    public List<Boolean> change(List<Change> batch) {
        return batch.isEmpty()
                ? List.of()
                : database.transaction(connection -> PaymentChangeWriter.change(connection, batch));
    }

    @Override
    public Optional<Payment> find(PaymentId id) {
        return database.rows(FIND, p -> p.number(id.value()), PaymentRows::payment).stream()
                .findFirst();
    }

    @Override
    public Optional<Payment> find(MerchantId merchant, String outTradeNo) {
        return database
                .rows(FIND_OF_MERCHANT, p -> p.text(outTradeNo).number(merchant.value()), PaymentRows::payment)
                .stream()
                .findFirst();
    }

    @Override
    public Page<Payment, PaymentId> list(PaymentFilter filter, @Nullable PaymentId before, int limit) {
        return search.page(filter, before, limit);
    }

    @Override
    public List<PaymentEvent> timeline(PaymentId id, int limit) {
        return catalog.rows(STORY, p -> p.number(id.value()).number(limit), PaymentRows::event);
    }

    @Override
    public List<StoredCallback> callbacks(PaymentId id, int limit) {
        return catalog.rows(CALLBACKS, p -> p.number(id.value()).number(limit), PaymentRows::callback);
    }

    @Override
    public void storeUnverified(StoredCallback callback, String group, int keep) {
        database.transaction(connection -> CallbackWriter.storeUnverified(connection, callback, group, keep));
    }

    @Override
    public List<StoredCallback> unverified(String channel, long before, int limit) {
        return catalog.rows(UNVERIFIED, p -> p.text(channel).number(before).number(limit), PaymentRows::callback);
    }

    @Override
    public void storeOrphan(StoredCallback callback, StoredDiscrepancy discrepancy) {
        database.transaction(connection -> {
            DiscrepancyId finding = DiscrepancyWriter.found(connection, discrepancy);
            CallbackWriter.keep(connection, List.of(callback), finding);
            return finding;
        });
    }

    @Override
    public List<OrphanCallback> orphans(long after, int limit) {
        return database.rows(
                ORPHANS,
                p -> p.number(after).number(limit),
                row -> new OrphanCallback(PaymentRows.callback(row), PaymentRows.discrepancy(row)));
    }

    @Override
    public List<Boolean> report(List<StoredDiscrepancy> findings) {
        Set<Long> added = database.transaction(connection -> DiscrepancyWriter.report(connection, findings));
        return findings.stream().map(d -> added.contains(d.id().value())).toList();
    }

    @Override
    public Page<StoredDiscrepancy, DiscrepancyId> discrepancies(
            boolean openOnly, @Nullable DiscrepancyId before, int limit) {
        List<StoredDiscrepancy> found = catalog.rows(
                openOnly ? OPEN_DISCREPANCIES : DISCREPANCIES,
                p -> p.number(before == null ? Long.MAX_VALUE : before.value()).number(limit + 1),
                PaymentRows::discrepancy);
        return Page.of(found, limit, StoredDiscrepancy::id);
    }

    @Override
    public Page<StoredDiscrepancy, DiscrepancyId> discrepancies(
            PaymentId payment, boolean openOnly, @Nullable DiscrepancyId before, int limit) {
        List<StoredDiscrepancy> found = catalog.rows(
                openOnly ? PaymentRows.OPEN_DISCREPANCIES_OF_PAYMENT : PaymentRows.DISCREPANCIES_OF_PAYMENT,
                p -> p.number(payment.value())
                        .number(before == null ? Long.MAX_VALUE : before.value())
                        .number(limit + 1),
                PaymentRows::discrepancy);
        return Page.of(found, limit, StoredDiscrepancy::id);
    }

    @Override
    public boolean hasOpen(MerchantId merchant) {
        return !catalog.rows(HAS_OPEN, p -> p.number(merchant.value()), row -> row.getInt(1))
                .isEmpty();
    }

    @Override
    public int openDiscrepancies(int max) {
        return catalog.rows(COUNT_OPEN, p -> p.number(max), row -> row.getInt(1))
                .getFirst();
    }

    @Override
    public Optional<StoredDiscrepancy> discrepancy(DiscrepancyId id) {
        return catalog.rows(PaymentRows.FIND_DISCREPANCY, p -> p.number(id.value()), PaymentRows::discrepancy).stream()
                .findFirst();
    }

    @Override
    public boolean requestAcceptance(DiscrepancyId id, StoredDiscrepancy.AcceptRequest request) {
        return database.change(DiscrepancyRows.REQUEST, p -> p.values(DiscrepancyRows.request(id, request))) == 1;
    }

    @Override
    public boolean withdrawAcceptance(DiscrepancyId id, Instant now) {
        return database.change(
                        DiscrepancyRows.WITHDRAW, p -> p.number(id.value()).number(now.toEpochMilli()))
                == 1;
    }

    @Override
    public boolean claim(DiscrepancyId id, StoredDiscrepancy.Claim claim) {
        return database.change(DiscrepancyRows.CLAIM, p -> p.values(DiscrepancyRows.claim(id, claim))) == 1;
    }

    @Override
    public void release(DiscrepancyId id, Acceptance acceptance) {
        database.change(DiscrepancyRows.RELEASE, p -> p.number(id.value()).number(acceptance.code()));
    }

    @Override
    public boolean resolve(DiscrepancyId id, StoredDiscrepancy.Resolution resolution) {
        return database.change(
                        DiscrepancyRows.resolve(resolution), p -> p.values(DiscrepancyRows.resolution(id, resolution)))
                == 1;
    }

    @Override
    public Map<PaymentState, Long> countByState() {
        Map<PaymentState, Long> counts = new EnumMap<>(PaymentState.class);
        catalog.rows(
                COUNTS,
                p -> {},
                row -> counts.put(CodedEnum.ofCode(PaymentState.class, row.getInt("state")), row.getLong("n")) == null);
        return counts;
    }

    @Override
    public int purge(Instant before, int limit) {
        long then = before.toEpochMilli();
        int orphans = database.change(PURGE_ORPHANS, p -> p.number(then).number(limit));
        return orphans >= limit
                ? orphans
                : orphans + database.change(PURGE, p -> p.number(then).number(limit - orphans));
    }

    @Override
    public int purgeRecords(Instant before, int limit) {
        long then = before.toEpochMilli();
        long below = Ids.first(then);
        int strays = database.change(
                PURGE_STRAY_DISCREPANCIES, p -> p.number(below).number(then).number(limit));
        return strays >= limit
                ? strays
                : strays + database.change(PURGE_RECORDS, p -> p.number(below).number(limit - strays));
    }

    @Override
    public long lastId() {
        return database.rows(LAST_ID, p -> {}, row -> row.getLong(1)).getFirst();
    }
}
