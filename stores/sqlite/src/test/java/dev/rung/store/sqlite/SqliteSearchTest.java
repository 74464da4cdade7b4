package dev.rung.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Ids;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalog.Event;
import dev.rung.core.port.NotificationCatalog.Filter;
import dev.rung.core.port.NotificationCatalog.Page;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.Sample;
import dev.rung.core.port.StoreFixture;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the search index has taken in, what it has not, and what changed in between. */
class SqliteSearchTest implements StoreFixture {
    private static final List<DeliveryState> STATES = List.of(DeliveryState.values());

    @TempDir
    Path directory;

    private SqliteStores stores;

    @BeforeEach
    void open() {
        stores = SqliteStores.open(directory, InstantSource.system());
    }

    @AfterEach
    void close() {
        stores.close();
    }

    @Override
    public NotificationStore store() {
        return stores.notifications();
    }

    @Override
    public NotificationCatalog catalog() {
        return stores.catalog();
    }

    @Override
    public void indexed() {
        stores.database().write(SearchIndex::advance);
    }

    private List<NotificationDetail> walk(Filter filter, int limit) {
        List<NotificationDetail> found = new ArrayList<>();
        NotificationId before = null;
        do {
            Page page = catalog().search(filter, before, limit);
            found.addAll(page.data());
            before = page.next();
        } while (before != null);
        return found;
    }

    private static Filter byState(DeliveryState state) {
        return new Filter(null, null, state, null, null, null);
    }

    @Test
    void theIndexFollowsByItself() {
        accept(sample());
        await().until(() -> stores.database().state().unindexed() == 0);
        assertThat(walk(new Filter(merchant(1), null, null, null, null, null), 10))
                .hasSize(1);
    }

    @Test
    void stateChangesOfWhatIsIndexedAreFound() {
        NotificationId id = accept(sample());
        indexed();
        assertThat(walk(byState(DeliveryState.WAITING), 10)).hasSize(1);
        settle(lastFailure(wake(id), 1));
        assertThat(walk(byState(DeliveryState.WAITING), 10)).isEmpty();
        assertThat(walk(byState(DeliveryState.EXHAUSTED), 10)).hasSize(1);
        store().resend(List.of(id), null, false, Sample.T0 + 100);
        assertThat(walk(byState(DeliveryState.EXHAUSTED), 10)).isEmpty();
        assertThat(walk(byState(DeliveryState.WAITING), 10)).hasSize(1);
        settle(success(wake(id), 2));
        assertThat(walk(byState(DeliveryState.WAITING), 10)).isEmpty();
        assertThat(walk(byState(DeliveryState.DELIVERED), 10)).hasSize(1);
    }

    @Test
    void whatIsResentAfterTheIndexPassedItSettledIsFoundWaiting() {
        NotificationId id = exhausted(sample());
        indexed();
        store().resend(List.of(id), null, false, Sample.T0 + 100);
        assertThat(walk(byState(DeliveryState.WAITING), 10)).hasSize(1);
    }

    @Test
    void whatIsPurgedLeavesTheIndex() {
        delivered(sample().orderNo("T1"));
        indexed();
        delivered(sample().orderNo("T2"));
        assertThat(store().purge(Sample.T0 + 1_000_000, 10)).isEqualTo(2);
        indexed();
        for (String table : List.of(
                "notification", "delivery", "attempt", "notification_by_merchant", "notification_by_order_no")) {
            List<Long> rows = stores.database().browse(s -> s.list("SELECT count(*) FROM " + table, r -> r.getLong(1)));
            assertThat(rows).as(table).containsExactly(0L);
        }
    }

    @Test
    void aPurgeFindsWhatBecameOldBehindIt() {
        NotificationId late = accept(sample());
        for (int i = 0; i < 5; i++) {
            delivered(sample());
        }
        assertThat(store().purge(Sample.T0 + 1_000_000, 3)).isEqualTo(3);
        settle(success(wake(late), 1));
        assertThat(store().purge(Sample.T0 + 1_000_000, 10)).isEqualTo(3);
        assertThat(store().findDeliveries(List.of(late))).containsOnlyNulls();
    }

    @Test
    void aPageComesShortRatherThanLookingAtAllThereIs() {
        NotificationId rare = accept(sample().eventType("rare"));
        for (int i = 0; i < 11; i++) {
            List<NewNotification> batch = new ArrayList<>();
            for (int j = 0; j < 1_000; j++) {
                batch.add(sample().build());
            }
            store().accept(batch);
        }
        Filter filter = new Filter(null, null, null, "rare", null, null);
        Page first = catalog().search(filter, null, 10);
        assertThat(first.data()).isEmpty();
        assertThat(first.next()).isNotNull();
        assertThat(catalog().search(filter, first.next(), 10).data())
                .extracting(NotificationDetail::id)
                .containsExactly(rare);
    }

    @Test
    void anIdDrawnEarlierAndStoredLaterIsNotSkippedByACursor() {
        NotificationId earlier = new NotificationId(Sample.nextId(Sample.T0));
        NotificationId later = accept(sample());
        List<Event> seen = catalog().events(merchant(1), null, 10);
        assertThat(seen).extracting(e -> e.notification().id()).containsExactly(later);

        store().accept(List.of(sample().build(earlier)));

        assertThat(catalog().events(merchant(1), seen.getLast().cursor(), 10))
                .extracting(e -> e.notification().id())
                .containsExactly(earlier);
    }

    @Test
    void aMadeUpCursorIsRefused() {
        assertThatThrownBy(() -> catalog().events(merchant(1), "tea", 10)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anIdDrawnEarlierAndStoredLaterHidesNothingFromARangeOfTimes() {
        NotificationId wanted = accept(sample().createdAt(Sample.T0 + 10_000));
        accept(sample());
        Filter filter = new Filter(null, null, null, null, Sample.T0 + 5_000, null);
        assertThat(walk(filter, 10)).extracting(NotificationDetail::id).containsExactly(wanted);
    }

    /** Clocks that step by an hour, ids drawn early and stored late: a filter finds exactly what a look at each one finds. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everySearchFindsWhatALookAtEachWouldFind(long seed) {
        Random random = new Random(seed);
        List<NewNotification> all = acceptInDisorder(random);
        for (int i = 0; i < 60; i++) {
            Filter filter = new Filter(
                    random.nextInt(3) == 0 ? merchant(1 + random.nextInt(3)) : null,
                    random.nextInt(4) == 0 ? "T" + random.nextInt(10) : null,
                    random.nextInt(3) == 0 ? STATES.get(random.nextInt(STATES.size())) : null,
                    null,
                    random.nextBoolean() ? bound(random) : null,
                    random.nextBoolean() ? bound(random) : null);
            Predicate<NotificationDetail> wanted = d -> isWanted(filter, d);
            List<NotificationId> expected = all.stream()
                    .map(n -> detail(n.id()))
                    .filter(wanted)
                    .map(NotificationDetail::id)
                    .toList()
                    .reversed();
            assertThat(walk(filter, 1 + random.nextInt(20)))
                    .as("%s, seed %d", filter, seed)
                    .extracting(NotificationDetail::id)
                    .isEqualTo(expected);
        }
    }

    private List<NewNotification> acceptInDisorder(Random random) {
        long[] clock = {Sample.T0};
        Ids ids = new Ids(() -> java.time.Instant.ofEpochMilli(clock[0]), random, 0);
        List<NewNotification> all = new ArrayList<>();
        @Nullable NotificationId keptBack = null;
        for (int i = 0; i < 400; i++) {
            clock[0] +=
                    random.nextInt(100) < 2 ? (random.nextBoolean() ? 3_600_000 : -3_600_000) : random.nextInt(5_000);
            NotificationId id = new NotificationId(ids.next());
            if (keptBack == null && random.nextInt(10) == 0) {
                keptBack = id;
                continue;
            }
            boolean late = keptBack != null && random.nextInt(5) == 0;
            NewNotification n = Sample.of(merchant(1 + random.nextInt(3)))
                    .orderNo("T" + random.nextInt(10))
                    .createdAt(clock[0] - random.nextInt(2_000))
                    .build(late && keptBack != null ? keptBack : id);
            keptBack = late ? null : keptBack;
            store().accept(List.of(n));
            all.add(n);
            change(random, n.id());
            if (random.nextInt(50) == 0) {
                indexed();
            }
        }
        return all;
    }

    private void change(Random random, NotificationId id) {
        switch (random.nextInt(6)) {
            case 0, 1 -> settle(success(wake(id), 1));
            case 2 -> settle(lastFailure(wake(id), 1));
            case 3 -> store().cancel(id, Sample.T0);
            default -> {}
        }
    }

    private static long bound(Random random) {
        return Sample.T0 + random.nextLong(-4_000_000, 4_000_000);
    }

    private static boolean isWanted(Filter f, NotificationDetail d) {
        MerchantId merchant = f.merchant();
        return (merchant == null || merchant.equals(d.merchantId()))
                && (f.orderNo() == null || f.orderNo().equals(d.content().orderNo()))
                && (f.state() == null || f.state() == d.state())
                && (f.createdFrom() == null || d.content().createdAt() >= f.createdFrom())
                && (f.createdTo() == null || d.content().createdAt() < f.createdTo());
    }
}
