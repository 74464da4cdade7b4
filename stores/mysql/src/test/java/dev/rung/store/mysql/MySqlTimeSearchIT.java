package dev.rung.store.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Ids;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalog.Filter;
import dev.rung.core.port.NotificationCatalog.Page;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.Sample;
import dev.rung.core.port.StoreFixture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches by time of creation, which walk ids. */
class MySqlTimeSearchIT implements StoreFixture {
    private static final long HOUR = 3_600_000;

    @RegisterExtension
    static final MySqlScene scene = new MySqlScene();

    @Override
    public NotificationStore store() {
        return scene.stores.notifications();
    }

    @Override
    public NotificationCatalog catalog() {
        return scene.stores.catalog();
    }

    private static Filter created(@Nullable Long from, @Nullable Long to) {
        return new Filter(null, null, null, null, from, to);
    }

    private List<NotificationId> found(Filter filter, int limit) {
        List<NotificationId> found = new ArrayList<>();
        NotificationId next = null;
        do {
            Page page = catalog().search(filter, next, limit);
            page.data().stream().map(NotificationDetail::id).forEach(found::add);
            next = page.next();
        } while (next != null);
        return found;
    }

    /** More lie between that hour and now than one page looks at. */
    @Test
    void anHourOfTheDayBeforeIsOnTheFirstPage() {
        int every = 2_000;
        int count = 30_000;
        for (int done = 0; done < count; done += 2_000) {
            List<NewNotification> batch = new ArrayList<>();
            for (int i = done; i < done + 2_000; i++) {
                batch.add(sample().createdAt(Sample.T0 + (long) i * every).build());
            }
            store().accept(batch);
        }
        Filter hour = created(Sample.T0 + HOUR, Sample.T0 + 2 * HOUR);

        Page page = catalog().search(hour, null, 50);
        assertThat(page.data())
                .hasSize(50)
                .allMatch(n -> n.content().createdAt() >= Sample.T0 + HOUR
                        && n.content().createdAt() < Sample.T0 + 2 * HOUR);
        assertThat(found(hour, 1_000)).hasSize((int) (HOUR / every));
    }

    /** Clocks that step by hours, and one by days, ids drawn early and stored late. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void clocksThatStepHideNothing(long seed) {
        Random random = new Random(seed);
        long[] clock = {Sample.T0};
        Ids ids = new Ids(() -> Instant.ofEpochMilli(clock[0]), random, 0);
        List<NewNotification> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            clock[0] += random.nextInt(100) < 3 ? (random.nextBoolean() ? HOUR : -HOUR) : random.nextInt(5_000);
            clock[0] -= i == 150 ? 72 * HOUR : 0;
            NewNotification n = sample().createdAt(clock[0] + random.nextInt(-2_000, 60_000))
                    .build(new NotificationId(ids.next()));
            store().accept(List.of(n));
            all.add(n);
        }
        for (int i = 0; i < 20; i++) {
            long from = all.get(random.nextInt(all.size())).content().createdAt() + random.nextInt(-1, 2);
            long to = from + random.nextLong(2 * HOUR);
            List<NotificationId> expected = all.stream()
                    .filter(n -> n.content().createdAt() >= from && n.content().createdAt() < to)
                    .map(NewNotification::id)
                    .toList()
                    .reversed();
            assertThat(found(created(from, to), 1 + random.nextInt(20)))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
    }

    @Test
    void boundsThatNoIdCanExpressBoundNothing() {
        NotificationId id = accept(sample());
        long year9999 = Instant.parse("9999-12-31T00:00:00Z").toEpochMilli();
        long year1900 = Instant.parse("1900-01-01T00:00:00Z").toEpochMilli();
        assertThat(found(created(year1900, year9999), 10)).containsExactly(id);
        assertThat(found(created(year9999, null), 10)).isEmpty();
        assertThat(found(created(null, year1900), 10)).isEmpty();
    }
}
