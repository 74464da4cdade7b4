package dev.rung.store.sqlite;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.MerchantId;
import dev.rung.core.port.StoreException;
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
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Payments in SQLite. Thread-safe. */
final class SqlitePaymentStore implements PaymentStore {
    private static final String FIND = "SELECT " + PaymentRows.PAYMENT_READ + " FROM payment WHERE id = ?";
    private static final String FIND_OF_MERCHANT =
            "SELECT " + PaymentRows.PAYMENT_READ + " FROM payment WHERE out_trade_no = ? AND merchant_id = ?";
    private static final String STORY =
            "SELECT " + PaymentRows.EVENT + " FROM payment_event WHERE payment_id = ? ORDER BY id LIMIT ?";
    private static final String CALLBACKS =
            "SELECT " + PaymentRows.CALLBACK + " FROM payment_callback c WHERE c.payment_id = ? ORDER BY c.id LIMIT ?";
    private static final String UNVERIFIED = "SELECT " + PaymentRows.CALLBACK
            + " FROM payment_callback c WHERE c.verified = 0 AND c.channel = ? AND c.id < ? ORDER BY c.id DESC LIMIT ?";
    private static final String ORPHANS = "SELECT " + PaymentRows.CALLBACK + ", " + PaymentRows.DISCREPANCY + """
              FROM payment_callback c INDEXED BY payment_callback_orphan
              CROSS JOIN discrepancy d ON d.id = c.discrepancy_id
             WHERE c.discrepancy_id IS NOT NULL AND c.id > ? AND d.resolved_at IS NULL ORDER BY c.id LIMIT ?""";
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
            "SELECT count(*) FROM (SELECT 1 FROM discrepancy WHERE resolved_at IS NULL LIMIT ?)";
    private static final String COUNTS = "SELECT state, n FROM payment_count WHERE n <> 0";

    private final SqliteDatabase database;
    private final InstantSource clock;

    SqlitePaymentStore(SqliteDatabase database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public List<CreateResult> create(List<NewPayment> batch) {
        return write(tx -> PaymentChangeWriter.create(tx, batch));
    }

    @Override
    public List<Boolean> change(List<Change> batch) {
        long now = clock.millis();
        return write(tx -> PaymentChangeWriter.change(tx, batch, now));
    }

    @Override
    public Optional<Payment> find(PaymentId id) {
        return first(FIND, PaymentRows::payment, id.value());
    }

    @Override
    public Optional<Payment> find(MerchantId merchant, String outTradeNo) {
        return first(FIND_OF_MERCHANT, PaymentRows::payment, outTradeNo, merchant.value());
    }

    private <T> Optional<T> first(String sql, SqliteSession.Mapper<T> mapper, @Nullable Object... values) {
        return Optional.ofNullable(database.<@Nullable T>read(session -> session.first(sql, mapper, values)));
    }

    @Override
    public Page<Payment, PaymentId> list(PaymentFilter filter, @Nullable PaymentId before, int limit) {
        return database.browse(session -> PaymentSearch.page(session, filter, before, limit));
    }

    @Override
    public List<PaymentEvent> timeline(PaymentId id, int limit) {
        return database.browse(session -> session.list(STORY, PaymentRows::event, id.value(), limit));
    }

    @Override
    public List<StoredCallback> callbacks(PaymentId id, int limit) {
        return database.browse(session -> session.list(CALLBACKS, PaymentRows::callback, id.value(), limit));
    }

    @Override
    public void storeUnverified(StoredCallback callback, String group, int keep) {
        write(tx -> {
            CallbackWriter.storeUnverified(tx, callback, group, keep);
            return true;
        });
    }

    @Override
    public List<StoredCallback> unverified(String channel, long before, int limit) {
        return database.browse(session -> session.list(UNVERIFIED, PaymentRows::callback, channel, before, limit));
    }

    @Override
    public void storeOrphan(StoredCallback callback, StoredDiscrepancy discrepancy) {
        write(tx -> {
            CallbackWriter.keep(tx, callback, DiscrepancyWriter.found(tx, discrepancy));
            return true;
        });
    }

    @Override
    public List<OrphanCallback> orphans(long after, int limit) {
        return database.browse(session -> session.list(
                ORPHANS, r -> new OrphanCallback(PaymentRows.callback(r), PaymentRows.discrepancy(r)), after, limit));
    }

    @Override
    public List<Boolean> report(List<StoredDiscrepancy> findings) {
        return write(tx -> DiscrepancyWriter.report(tx, findings));
    }

    @Override
    public Page<StoredDiscrepancy, DiscrepancyId> discrepancies(
            boolean openOnly, @Nullable DiscrepancyId before, int limit) {
        long below = before == null ? Long.MAX_VALUE : before.value();
        List<StoredDiscrepancy> found = database.browse(session -> session.list(
                openOnly ? OPEN_DISCREPANCIES : DISCREPANCIES, PaymentRows::discrepancy, below, limit + 1));
        return Page.of(found, limit, StoredDiscrepancy::id);
    }

    @Override
    public Page<StoredDiscrepancy, DiscrepancyId> discrepancies(
            PaymentId payment, boolean openOnly, @Nullable DiscrepancyId before, int limit) {
        long below = before == null ? Long.MAX_VALUE : before.value();
        List<StoredDiscrepancy> found = database.browse(session -> session.list(
                openOnly ? PaymentRows.OPEN_DISCREPANCIES_OF_PAYMENT : PaymentRows.DISCREPANCIES_OF_PAYMENT,
                PaymentRows::discrepancy,
                payment.value(),
                below,
                limit + 1));
        return Page.of(found, limit, StoredDiscrepancy::id);
    }

    @Override
    public boolean hasOpen(MerchantId merchant) {
        return first(HAS_OPEN, r -> r.getInt(1), merchant.value()).isPresent();
    }

    @Override
    public int openDiscrepancies(int max) {
        return first(COUNT_OPEN, r -> r.getInt(1), max).orElse(0);
    }

    @Override
    public Optional<StoredDiscrepancy> discrepancy(DiscrepancyId id) {
        return first(PaymentRows.FIND_DISCREPANCY, PaymentRows::discrepancy, id.value());
    }

    @Override
    public boolean requestAcceptance(DiscrepancyId id, StoredDiscrepancy.AcceptRequest request) {
        return write(tx -> tx.session.update(DiscrepancyRows.REQUEST, DiscrepancyRows.request(id, request)) == 1);
    }

    @Override
    public boolean withdrawAcceptance(DiscrepancyId id, Instant now) {
        return write(tx -> tx.session.update(DiscrepancyRows.WITHDRAW, id.value(), now.toEpochMilli()) == 1);
    }

    @Override
    public boolean claim(DiscrepancyId id, StoredDiscrepancy.Claim claim) {
        return write(tx -> tx.session.update(DiscrepancyRows.CLAIM, DiscrepancyRows.claim(id, claim)) == 1);
    }

    @Override
    public void release(DiscrepancyId id, Acceptance acceptance) {
        write(tx -> tx.session.update(DiscrepancyRows.RELEASE, id.value(), acceptance.code()));
    }

    @Override
    public boolean resolve(DiscrepancyId id, StoredDiscrepancy.Resolution resolution) {
        return write(tx -> DiscrepancyWriter.resolve(tx, id, resolution));
    }

    @Override
    public Map<PaymentState, Long> countByState() {
        return database.browse(session -> {
            Map<PaymentState, Long> counts = new EnumMap<>(PaymentState.class);
            session.list(
                    COUNTS, r -> counts.put(CodedEnum.ofCode(PaymentState.class, r.getInt("state")), r.getLong("n")));
            return counts;
        });
    }

    @Override
    public int purge(Instant before, int limit) {
        return PaymentPurge.run(database, before, limit);
    }

    @Override
    public int purgeRecords(Instant before, int limit) {
        return PaymentPurge.runRecords(database, before, limit);
    }

    @Override
    public long lastId() {
        return database.state().lastId();
    }

    private <T> T write(SqliteDatabase.WriteJob<T> writing) {
        return write(database, writing);
    }

    /** Like {@link SqliteDatabase#write}, but reports a duplicate primary key. */
    static <T> T write(SqliteDatabase database, SqliteDatabase.WriteJob<T> writing) {
        return database.write(tx -> {
            try {
                return writing.write(tx);
            } catch (SQLException e) {
                if (SqliteErrors.isKeyTaken(e)) {
                    throw StoreException.idTaken(e);
                }
                throw e;
            }
        });
    }
}
