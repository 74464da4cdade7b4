package dev.rung.store.mysql;

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
import dev.rung.store.common.DiscrepancyRows;
import dev.rung.store.common.PaymentRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Payments in MySQL or MariaDB. Thread-safe; several servers may share the database. Uses read committed and decides only from locked rows. */
final class MySqlPaymentStore implements PaymentStore {
    private static final String FIND = "SELECT " + PaymentRows.PAYMENT_READ + " FROM payment WHERE id = ?";

    private static final String FIND_OF_MERCHANT =
            "SELECT " + PaymentRows.PAYMENT_READ + " FROM payment WHERE out_trade_no = ? AND merchant_id = ?";

    private static final String STORY =
            "SELECT " + PaymentRows.EVENT + " FROM payment_event WHERE payment_id = ? ORDER BY id LIMIT ?";

    private static final String CALLBACKS =
            "SELECT " + PaymentRows.CALLBACK + " FROM payment_callback c WHERE c.payment_id = ? ORDER BY c.id LIMIT ?";

    private static final String UNVERIFIED = "SELECT " + PaymentRows.CALLBACK
            + " FROM payment_callback c WHERE c.unverified_channel = ? AND c.id < ? ORDER BY c.id DESC LIMIT ?";

    private static final String ORPHANS = "SELECT " + PaymentRows.CALLBACK + ", " + PaymentRows.DISCREPANCY + """
             FROM payment_callback c JOIN discrepancy d ON d.id = c.discrepancy_id
            WHERE c.id > ? AND d.resolved_at IS NULL
            ORDER BY c.id LIMIT ?
            """;

    private static final String DISCREPANCIES =
            "SELECT " + PaymentRows.DISCREPANCY + " FROM discrepancy d WHERE d.id < ? ORDER BY d.id DESC LIMIT ?";

    private static final String OPEN_DISCREPANCIES = "SELECT " + PaymentRows.DISCREPANCY
            + " FROM discrepancy d WHERE d.resolved_at IS NULL AND d.id < ? ORDER BY d.id DESC LIMIT ?";

    private static final String COUNT_OPEN =
            "SELECT count(*) FROM (SELECT 1 FROM discrepancy WHERE resolved_at IS NULL LIMIT ?) AS d";

    private static final String COUNTS =
            "SELECT state, sum(n) AS n FROM payment_count GROUP BY state HAVING sum(n) <> 0";

    private static final String OLD = """
            SELECT id FROM payment FORCE INDEX (payment_timeline) WHERE timeline_until < ? AND amount_refunding = 0
            ORDER BY timeline_until, id LIMIT ? FOR UPDATE SKIP LOCKED
            """;

    private static final List<String> PURGE = List.of(
            "DELETE FROM payment_event WHERE payment_id IN (%s)",
            "DELETE FROM payment_callback WHERE payment_id IN (%s)",
            "UPDATE payment SET timeline_until = NULL WHERE id IN (%s)");

    private static final String OLD_ORPHANS = """
            SELECT c.id FROM payment_callback c FORCE INDEX (payment_callback_orphan)
            WHERE c.discrepancy_id IS NOT NULL AND c.payment_id IS NULL
              AND (SELECT d.resolved_at FROM discrepancy d WHERE d.id = c.discrepancy_id) < ?
            ORDER BY c.discrepancy_id, c.id LIMIT ? FOR UPDATE SKIP LOCKED
            """;

    private static final String OLD_RECORDS = """
            SELECT p.id FROM payment p
            WHERE p.id < ? AND p.state IN (2, 3, 4) AND p.amount_refunding = 0
              AND NOT EXISTS (SELECT 1 FROM discrepancy d WHERE d.payment_id = p.id AND d.resolved_at IS NULL)
            ORDER BY p.id LIMIT ? FOR UPDATE SKIP LOCKED
            """;

    private static final String OLD_STATES = "SELECT state, count(*) FROM payment WHERE id IN (%s) GROUP BY state";

    private static final List<String> PURGE_RECORDS = List.of(
            "DELETE FROM payment_event WHERE payment_id IN (%s)",
            "DELETE FROM payment_callback WHERE payment_id IN (%s)",
            "DELETE FROM refund WHERE payment_id IN (%s)",
            "DELETE FROM discrepancy WHERE payment_id IN (%s)",
            "DELETE FROM payment WHERE id IN (%s)");

    private static final String OLD_STRAYS = """
            SELECT id FROM discrepancy WHERE id < ? AND payment_id IS NULL AND resolved_at < ?
            ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED
            """;

    private static final List<String> PURGE_STRAYS = List.of(
            "DELETE FROM payment_callback WHERE discrepancy_id IN (%s)", "DELETE FROM discrepancy WHERE id IN (%s)");

    private static final String LAST_ID = """
            SELECT greatest(
              coalesce((SELECT max(id) FROM payment), 0),
              coalesce((SELECT max(id) FROM refund), 0),
              coalesce((SELECT max(id) FROM payment_event), 0),
              coalesce((SELECT max(id) FROM payment_callback), 0),
              coalesce((SELECT max(id) FROM discrepancy), 0))
            """;

    private static final String HAS_OPEN = "SELECT 1 FROM payment WHERE open_merchant = ? LIMIT 1";

    private final MySqlDatabase database;
    private final MySqlDatabase catalog;
    private final PaymentSearch search;

    /**
     * @param catalog the pool for searches
     */
    MySqlPaymentStore(MySqlDatabase database, MySqlDatabase catalog) {
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
    public boolean hasOpen(MerchantId merchant) {
        return !catalog.rows(HAS_OPEN, p -> p.number(merchant.value()), row -> row.getInt(1))
                .isEmpty();
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
        int orphans = database.transaction(connection -> purgeOrphans(connection, then, limit));
        return orphans >= limit
                ? orphans
                : orphans + database.transaction(connection -> purge(connection, then, limit - orphans));
    }

    private static int purgeOrphans(Connection connection, long then, int limit) throws SQLException {
        List<Long> old = ids(connection, OLD_ORPHANS, then, limit);
        if (!old.isEmpty()) {
            MySqlDatabase.change(
                    connection, MySqlDatabase.withIds("DELETE FROM payment_callback WHERE id IN (%s)", old), p -> {});
        }
        return old.size();
    }

    private static int purge(Connection connection, long then, int limit) throws SQLException {
        return delete(connection, PURGE, ids(connection, OLD, then, limit));
    }

    @Override
    public int purgeRecords(Instant before, int limit) {
        long then = before.toEpochMilli();
        long below = Ids.first(then);
        int strays = database.transaction(connection -> purgeStrays(connection, below, then, limit));
        return strays >= limit
                ? strays
                : strays + database.transaction(connection -> purgeRecords(connection, below, limit - strays));
    }

    private static int purgeStrays(Connection connection, long below, long then, int limit) throws SQLException {
        List<Long> old = MySqlDatabase.rows(
                connection, OLD_STRAYS, p -> p.number(below).number(then).number(limit), row -> row.getLong(1));
        return delete(connection, PURGE_STRAYS, old);
    }

    private static int purgeRecords(Connection connection, long below, int limit) throws SQLException {
        List<Long> old = ids(connection, OLD_RECORDS, below, limit);
        if (!old.isEmpty()) {
            List<Map.Entry<PaymentState, Long>> gone = MySqlDatabase.rows(
                    connection,
                    MySqlDatabase.withIds(OLD_STATES, old),
                    p -> {},
                    row -> Map.entry(CodedEnum.ofCode(PaymentState.class, row.getInt(1)), -row.getLong(2)));
            PaymentChangeWriter.tally(connection, gone.stream());
        }
        return delete(connection, PURGE_RECORDS, old);
    }

    private static int delete(Connection connection, List<String> statements, List<Long> ids) throws SQLException {
        if (!ids.isEmpty()) {
            for (String statement : statements) {
                MySqlDatabase.change(connection, MySqlDatabase.withIds(statement, ids), p -> {});
            }
        }
        return ids.size();
    }

    private static List<Long> ids(Connection connection, String sql, long then, int limit) throws SQLException {
        return MySqlDatabase.rows(connection, sql, p -> p.number(then).number(limit), row -> row.getLong(1));
    }

    @Override
    public long lastId() {
        return database.rows(LAST_ID, p -> {}, row -> row.getLong(1)).getFirst();
    }
}
