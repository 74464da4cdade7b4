package dev.rung.bench;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.NotificationStore.Settled;
import dev.rung.store.spi.StoreProvider;
import dev.rung.store.spi.Stores;
import dev.rung.store.sqlite.SqliteStores;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Writes notifications of the last week through the store's port, as a server would have written them; no server may be
 * running. Most were delivered at the first attempt, some after a few, some were exhausted or cancelled. The newest
 * wait for tomorrow, spread over all rungs.
 */
final class DataSeeder {
    private static final int BATCH = 2_000;
    private static final Duration AGE = Duration.ofDays(7);
    /** Minimum age, so that even a whole ladder has ended by now. */
    private static final Duration AGO = Duration.ofMinutes(15);

    private static final Duration WAITING_FOR = Duration.ofDays(1);
    /** One in this many has a rare event type. */
    private static final int RARE_EVERY = 20_000;

    static final String RARE = "refund.failed";
    private static final Ladder LADDER = Objects.requireNonNull(Ladder.presets().get(Ladder.DEFAULT_NAME));
    private static final Attempt.Answer GOOD = new Attempt.Answer(200, "content-length: 0", new byte[0]);
    private static final Attempt.Answer BAD =
            new Attempt.Answer(500, "content-type: text/plain", "down for repairs".getBytes(StandardCharsets.UTF_8));

    private final NotificationStore store;
    private final List<MerchantId> merchants;
    private final SplittableRandom random = new SplittableRandom(1);
    private final Ids ids;
    private final Ids attemptIds;
    private final long tomorrow;
    private long now;
    private final List<Climber> climbers = new ArrayList<>();

    /**
     * A delivery before its next attempt.
     *
     * @param failing number of attempts that fail
     */
    private record Climber(Wake wake, Fate fate, int failing, int made) {}

    /** What follows the failed attempts. */
    private enum Fate {
        DELIVERED,
        EXHAUSTED,
        CANCELLED,
        WAITING
    }

    private DataSeeder(NotificationStore store, List<String> merchants) {
        this.store = store;
        this.merchants = merchants.stream().map(MerchantId::parse).toList();
        InstantSource clock = () -> Instant.ofEpochMilli(now);
        ids = new Ids(clock, new SplittableRandom(2), 0);
        attemptIds = new Ids(clock, new SplittableRandom(3), 0);
        tomorrow = System.currentTimeMillis() + WAITING_FOR.toMillis();
    }

    /** The order number of the n-th notification, counted from the oldest. */
    static String orderNo(long number) {
        return "S" + number;
    }

    /**
     * Writes all notifications.
     *
     * @param merchants the first gets half of them, the others share the rest
     * @param waiting number of waiting notifications
     */
    static void fill(Bench bench, List<String> merchants, int count, int waiting) {
        String database = bench.setup().databaseUrl();
        if (database == null) {
            try (SqliteStores stores = SqliteStores.open(bench.dataDir(), InstantSource.system())) {
                new DataSeeder(stores.notifications(), merchants).fill(count, waiting);
            }
        } else {
            String user = Objects.requireNonNullElse(System.getenv("RUNG_DATABASE_USER"), "");
            String password = Objects.requireNonNullElse(System.getenv("RUNG_DATABASE_PASSWORD"), "");
            StoreProvider.Config config = new StoreProvider.Config(bench.dataDir(), database, user, password);
            try (Stores stores = StoreProvider.forUrl(database).orElseThrow().open(config)) {
                new DataSeeder(stores.notifications(), merchants).fill(count, waiting);
            }
            if (database.startsWith("jdbc:postgresql:")) {
                vacuum(database, user, password);
            }
        }
    }

    /** Does what autovacuum would have done during the week. */
    private static void vacuum(String database, String user, String password) {
        try (Connection connection = DriverManager.getConnection(database, user, password);
                Statement statement = connection.createStatement()) {
            for (String table : List.of("notification", "delivery", "attempt")) {
                statement.execute("VACUUM (ANALYZE) " + table);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("vacuuming the database failed: " + e.getMessage(), e);
        }
    }

    private void fill(int count, int waiting) {
        if (store.lastId() != 0) {
            // Ids are ordered by time, and these must be a week old.
            throw new IllegalStateException("the scenario console needs a store without notifications");
        }
        long end = System.currentTimeMillis() - AGO.toMillis();
        for (int done = 0; done < count || !climbers.isEmpty(); done += BATCH) {
            List<NewNotification> batch = new ArrayList<>(BATCH);
            List<Climber> cancelled = new ArrayList<>();
            for (int number = done; number < Math.min(count, done + BATCH); number++) {
                now = end - AGE.toMillis() * (count - number) / count;
                Fate fate = number >= count - waiting ? Fate.WAITING : fate();
                int failing = failing(fate);
                NewNotification fresh = notification(number, fate == Fate.WAITING && failing == 0);
                batch.add(fresh);
                Climber climber = new Climber(fresh.firstWake(), fate, failing, 0);
                if (fate == Fate.CANCELLED) {
                    cancelled.add(climber);
                } else if (fresh.wakeLocation() == WakeLocation.QUEUED) {
                    climbers.add(climber);
                }
            }
            store.accept(batch);
            cancelled.forEach(c -> store.cancel(c.wake().id(), c.wake().dueAt() + 500));
            climb();
        }
    }

    private Fate fate() {
        int lot = random.nextInt(1_000);
        return lot == 0 ? Fate.CANCELLED : lot < 16 ? Fate.EXHAUSTED : Fate.DELIVERED;
    }

    /** Of the delivered ones, nine in ten are delivered at the first attempt. */
    private int failing(Fate fate) {
        return switch (fate) {
            case DELIVERED -> random.nextInt(10) > 0 ? 0 : random.nextInt(1, 5);
            case WAITING -> random.nextInt(LADDER.attemptsMax());
            case EXHAUSTED -> LADDER.attemptsMax();
            case CANCELLED -> 0;
        };
    }

    private NewNotification notification(int number, boolean waits) {
        int others = merchants.size() - 1;
        MerchantId merchant = merchants.get(number % 2 == 0 || others == 0 ? 0 : 1 + number / 2 % others);
        byte[] payload = Bench.payload(number).getBytes(StandardCharsets.UTF_8);
        String type = number % RARE_EVERY == 7 ? RARE : "payment.succeeded";
        return new NewNotification(
                new NotificationId(ids.next(merchant)),
                ReceiverId.own(merchant),
                null,
                new Delivery.Content("http://127.0.0.1:9/notify", true, orderNo(number), type, now),
                payload,
                LADDER,
                Ladder.DEFAULT_NAME,
                false,
                false,
                waits ? tomorrow : now,
                waits ? WakeLocation.DEFERRED : WakeLocation.QUEUED,
                null,
                List.of());
    }

    /** Makes the next attempt of all deliveries that are still retrying. */
    private void climb() {
        List<Climber> climbing = List.copyOf(climbers);
        climbers.clear();
        List<Settled> settled =
                store.settle(climbing.stream().map(this::settlement).toList());
        for (int i = 0; i < climbing.size(); i++) {
            Climber c = climbing.get(i);
            if (settled.get(i) instanceof Settled.Applied applied && applied.next() != null) {
                climbers.add(new Climber(applied.next(), c.fate(), c.failing(), c.made() + 1));
            }
        }
    }

    private Settlement settlement(Climber c) {
        long dueAt = c.wake().dueAt();
        long endedAt = dueAt + 14;
        boolean good = c.made() == c.failing();
        boolean last = c.made() + 1 == c.failing();
        boolean parks = last && c.fate() == Fate.WAITING;
        NextStep next = good
                ? new NextStep.Delivered()
                : last && c.fate() == Fate.EXHAUSTED
                        ? new NextStep.Exhausted()
                        : new NextStep.Retry(
                                parks
                                        ? tomorrow
                                        : endedAt + LADDER.steps().get(c.made()).toMillis());
        Attempt attempt = new Attempt(
                attemptIds.next(),
                c.made() + 1,
                dueAt,
                dueAt + 2,
                12,
                good ? Outcome.ACKNOWLEDGED : Outcome.DECLINED,
                good ? GOOD : BAD,
                good ? null : "status 500",
                false,
                false,
                null);
        return new Settlement(
                c.wake(), attempt, next, parks ? WakeLocation.DEFERRED : WakeLocation.QUEUED, null, endedAt);
    }
}
