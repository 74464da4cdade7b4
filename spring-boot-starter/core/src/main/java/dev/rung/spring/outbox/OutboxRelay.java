package dev.rung.spring.outbox;

import dev.rung.client.BatchItem;
import dev.rung.client.RungClient;
import dev.rung.client.RungException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits what is in the outbox, in a thread of its own. Any number of processes may run one on the same table.
 *
 * <p>A batch goes through three steps: its rows are claimed for {@link Settings#lease}, submitted, and deleted. A process that is killed after any of
 * them leaves rows that another one submits again after the lease; Rung recognizes them by their idempotency keys.
 */
public final class OutboxRelay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);

    private final OutboxTable table;
    private final RungClient rung;
    private final Settings settings;
    private final InstantSource clock;
    private final Steps steps;
    private final String owner = UUID.randomUUID().toString();
    private final Semaphore work = new Semaphore(0);
    private final AtomicLong submitted = new AtomicLong();
    private final Thread thread = new Thread(this::run, "rung-outbox-relay");
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile @Nullable String trouble;
    private Duration pause = Duration.ZERO;

    /**
     * Settings of a relay.
     *
     * @param batchSize at most 1,000
     * @param pollInterval between checks of the table; what this process commits is submitted at once
     * @param lease longer than a request takes with its failovers; how long the rows of a killed process wait
     */
    public record Settings(int batchSize, Duration pollInterval, Duration lease) {
        public Settings {
            if (batchSize < 1 || batchSize > 1_000) {
                throw new IllegalArgumentException("rung.outbox.batch-size must be from 1 to 1000");
            }
        }
    }

    /** The steps of a batch, for tests that end the process after one of them. */
    interface Steps {
        void claimed();

        void submitted();

        void deleted();

        Steps NONE = new Steps() {
            @Override
            public void claimed() {}

            @Override
            public void submitted() {}

            @Override
            public void deleted() {}
        };
    }

    /**
     * @param rung without retries of its own, so that a request takes less time than the lease
     */
    public OutboxRelay(DataSource dataSource, RungClient rung, Settings settings, InstantSource clock) {
        this(dataSource, rung, settings, clock, Steps.NONE);
    }

    OutboxRelay(DataSource dataSource, RungClient rung, Settings settings, InstantSource clock, Steps steps) {
        this.table = new OutboxTable(dataSource);
        this.rung = rung;
        this.settings = settings;
        this.clock = clock;
        this.steps = steps;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Checks the table now. */
    public void wake() {
        if (work.availablePermits() == 0) {
            work.release();
        }
    }

    /** How many notifications this process has submitted. */
    public long submitted() {
        return submitted.get();
    }

    /** Why nothing can be submitted at present; null if all is well. */
    public @Nullable String trouble() {
        return trouble;
    }

    private void run() {
        while (!closed) {
            boolean more = false;
            try {
                more = relayBatch();
                pause = Duration.ZERO;
                trouble = null;
            } catch (SQLException | RuntimeException e) {
                backOff(e);
            }
            if (!more) {
                await();
            }
        }
    }

    private void await() {
        try {
            if (!pause.isZero()) {
                closing.await(
                        pause.toMillis(), TimeUnit.MILLISECONDS); // what is added meanwhile does not shorten the pause
            } else if (work.tryAcquire(settings.pollInterval().toMillis(), TimeUnit.MILLISECONDS)) {
                work.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    private void backOff(Exception e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (trouble == null) {
            LOG.warn("notifications of the outbox cannot be submitted at present: {}", message);
        }
        trouble = message;
        pause = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
        if (e instanceof RungException busy
                && busy.retryAfter().isPresent()
                && busy.retryAfter().get().compareTo(pause) > 0) {
            pause = busy.retryAfter().get();
        }
        if (pause.compareTo(PAUSE_MAX) > 0) {
            pause = PAUSE_MAX;
        }
    }

    /** Submits a batch; returns whether there may be more. */
    private boolean relayBatch() throws SQLException {
        List<OutboxTable.Row> rows = table.claim(owner, clock.instant(), settings.lease(), settings.batchSize());
        if (rows.isEmpty()) {
            return false;
        }
        steps.claimed();
        List<BatchItem> results;
        try {
            results = rung.sendAll(
                    rows.stream().map(OutboxTable.Row::notification).toList());
        } catch (RuntimeException e) {
            List<Long> ids = rows.stream().map(OutboxTable.Row::id).toList();
            table.release(owner, ids, Instant.EPOCH, e.getMessage());
            throw e;
        }
        steps.submitted();
        settle(rows, results);
        steps.deleted();
        return true;
    }

    private void settle(List<OutboxTable.Row> rows, List<BatchItem> results) throws SQLException {
        List<Long> accepted = new ArrayList<>();
        List<Long> later = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            BatchItem result = results.get(i);
            if (result.isAccepted()) {
                accepted.add(rows.get(i).id());
            } else if (result.mayRetry()) {
                later.add(rows.get(i).id());
            } else {
                String error = error(result);
                LOG.error(
                        "Rung refuses notification {} of the outbox; it is set aside: {}",
                        rows.get(i).id(),
                        error);
                table.setAside(owner, rows.get(i).id(), error);
            }
        }
        table.delete(accepted);
        submitted.addAndGet(accepted.size());
        if (!later.isEmpty()) {
            table.release(owner, later, clock.instant().plus(FIRST_PAUSE), "Rung cannot accept it at present");
        }
    }

    private static String error(BatchItem result) {
        String detail = result.error() == null ? null : result.error().detail();
        // The place in the batch says nothing to those who read it later.
        return result.status() + (detail == null ? "" : " " + detail.replaceAll("notifications\\[\\d+]\\.", ""));
    }

    /** Ends after the current batch. */
    @Override
    public void close() {
        closed = true;
        closing.countDown();
        work.release();
        try {
            thread.join(settings.lease().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
