package dev.rung.store.sqlite;

import dev.rung.core.port.StoreException;
import dev.rung.store.common.SqlStatements;
import dev.rung.store.sqlite.ReadPool.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open database: one writing thread and a few reading threads. Thread-safe.
 *
 * <p>Waiting changes are executed together in the order of arrival and committed once, so that callers share the disk flush (group commit).
 * If one fails, the group is rolled back and each change is executed in its own transaction, so that one failure does not affect the
 * others.
 */
final class SqliteDatabase implements SqlStatements, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SqliteDatabase.class);

    /** Maximum callers that share a commit. Each may write hundreds of rows. */
    private static final int GROUP_MAX = 64;

    /** The search index is written only after this many unindexed notifications, or this much time. */
    private static final int INDEX_AT = 4096;

    private static final Duration INDEX_EVERY = Duration.ofSeconds(1);

    /**
     * Above this size the write-ahead log is truncated while readers are blocked. Normally it restarts long before, between two reads, but
     * not while reads overlap continuously.
     */
    static final long LOG_BYTES_MAX = 64L << 20;

    /** Pause after a failed truncation, when another program was reading. */
    private static final Duration BOUND_LOG_AGAIN = Duration.ofSeconds(5);

    private final Path directory;
    private final Path file;
    private final Path logFile;
    private final long logBytesMax;
    private final ReadWriteLock gate = new ReentrantReadWriteLock(true);
    private final ReadPool readers;
    private final ReadPool browsers;
    private final LinkedBlockingQueue<Task<?>> tasks = new LinkedBlockingQueue<>();
    private final Task<?> end = new Task<>(tx -> 0, false);
    private final Thread writer;
    private volatile StoreState state;
    private volatile boolean closed;

    // Only used by the writing thread.
    private @Nullable SqliteSession session;
    private long indexAt = System.nanoTime();
    private boolean indexFailed;
    private long boundLogAt = System.nanoTime();

    /** A change of the database. */
    interface WriteJob<T extends @Nullable Object> {
        T write(WriteTransaction tx) throws SQLException;
    }

    /** Opens the database; the file and its schema exist. */
    SqliteDatabase(Path directory, Path file, long logBytesMax) throws SQLException {
        this.directory = directory;
        this.file = file;
        this.logBytesMax = logBytesMax;
        this.logFile = file.resolveSibling(file.getFileName() + "-wal");
        SqliteSession first = SqliteSession.writing(file);
        this.session = first;
        this.state = StoreState.read(first);
        first.rollback();
        this.readers = new ReadPool(directory, file, "rung-sqlite-read-", 2, gate.readLock());
        this.browsers = new ReadPool(directory, file, "rung-sqlite-browse-", 2, gate.readLock());
        this.writer = Thread.ofPlatform().daemon().name("rung-sqlite-write").start(this::run);
    }

    /** Reads for a delivery, from one snapshot. */
    <T extends @Nullable Object> T read(Reading<T> reading) {
        return readers.read(reading);
    }

    /** Reads for a user or a report, from one snapshot. Uses separate threads, so that deliveries never wait for it. */
    <T extends @Nullable Object> T browse(Reading<T> reading) {
        return browsers.read(reading);
    }

    @Override
    public int change(String sql, @Nullable Object... values) {
        return write(tx -> tx.session.update(sql, values));
    }

    @Override
    public void changeTogether(List<Change> changes) {
        write(tx -> {
            for (Change change : changes) {
                tx.session.update(change.sql(), change.values());
            }
            return changes;
        });
    }

    @Override
    public boolean insertIfNew(String insert, @Nullable Object... values) {
        return change(insert + " ON CONFLICT DO NOTHING", values) == 1;
    }

    @Override
    public <T> List<T> list(String query, RowReader<T> row, @Nullable Object... values) {
        return read(session -> session.list(query, row::read, values));
    }

    /** Changes the database in one transaction. The job may run twice; the first run is then rolled back. */
    <T extends @Nullable Object> T write(WriteJob<T> writing) {
        return submit(new Task<>(writing, false));
    }

    /** The same, but the job runs only once. */
    <T extends @Nullable Object> T writeAlone(WriteJob<T> writing) {
        return submit(new Task<>(writing, true));
    }

    private <T extends @Nullable Object> T submit(Task<T> task) {
        if (Thread.currentThread() == writer) {
            throw new IllegalStateException("a change of the store was requested within another");
        }
        tasks.add(task);
        if (closed) {
            // The writing thread may have ended before this; the thread that removes a task completes it.
            refuseAll();
        }
        return PendingResults.await(task.answer);
    }

    /** The last committed state. */
    StoreState state() {
        return state;
    }

    Path directory() {
        return directory;
    }

    private void run() {
        while (true) {
            Task<?> first = next();
            if (first == end) {
                return;
            }
            if (first != null) {
                commit(group(first));
            }
            if (isIndexDue()) {
                index();
            }
            boundLog();
        }
    }

    private @Nullable Task<?> next() {
        try {
            return state.unindexed() == 0
                    ? tasks.take()
                    : tasks.poll(isIndexDue() ? 0 : indexAt - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("the writing thread is never interrupted", e);
        }
    }

    private List<Task<?>> group(Task<?> first) {
        List<Task<?>> group = new ArrayList<>();
        group.add(first);
        while (!first.alone && group.size() < GROUP_MAX) {
            Task<?> following = tasks.peek();
            if (following == null || following.alone || following == end) {
                break;
            }
            group.add(tasks.remove());
        }
        return group;
    }

    private void commit(List<Task<?>> group) {
        boolean ran = false;
        try {
            SqliteSession open = session();
            WriteTransaction tx = new WriteTransaction(open, state);
            for (Task<?> task : group) {
                task.run(tx);
            }
            tx.flush();
            ran = true;
            open.commit();
            state = tx.state();
        } catch (SQLException | RuntimeException | Error e) {
            undo(e);
            if (ran || group.size() == 1) {
                group.forEach(task -> task.fail(said(e)));
            } else {
                group.forEach(task -> commit(List.of(task)));
            }
            return;
        }
        group.forEach(Task::succeed);
    }

    private Throwable said(Throwable e) {
        return e instanceof SQLException sql ? SqliteErrors.of(directory, sql) : e;
    }

    private SqliteSession session() throws SQLException {
        if (session == null) {
            session = SqliteSession.writing(file);
        }
        return session;
    }

    /** Replaces the connection after a database error. */
    private void undo(Throwable cause) {
        SqliteSession failed = session;
        if (failed == null) {
            return;
        }
        try {
            failed.rollback();
            if (cause instanceof SQLException) {
                session = null;
                failed.close();
            }
        } catch (SQLException e) {
            session = null;
            cause.addSuppressed(e);
        }
    }

    private boolean isIndexDue() {
        long unindexed = state.unindexed();
        return unindexed >= INDEX_AT && !indexFailed || unindexed > 0 && System.nanoTime() - indexAt >= 0;
    }

    private void index() {
        Task<Integer> step = new Task<>(SearchIndex::advance, true);
        commit(List.of(step));
        boolean fails = step.answer.isCompletedExceptionally();
        if (fails && !indexFailed) {
            log.warn("The search index in {} cannot be written; until it can, lists scan more rows", directory);
        }
        indexFailed = fails;
        indexAt = System.nanoTime() + INDEX_EVERY.toNanos();
    }

    private void boundLog() {
        if (System.nanoTime() - boundLogAt < 0 || logBytes() <= logBytesMax) {
            return;
        }
        gate.writeLock().lock();
        try {
            // Without waiting: only an external tool can be reading now, and it must not delay the following commits.
            SqliteSession open = session();
            open.once("PRAGMA busy_timeout = 0");
            open.once("PRAGMA wal_checkpoint(TRUNCATE)");
            open.once("PRAGMA busy_timeout = " + SqliteSession.BUSY_MILLIS);
        } catch (SQLException e) {
            undo(e);
            log.warn("The write-ahead log {} could not be truncated", logFile, e);
        } finally {
            gate.writeLock().unlock();
        }
        if (logBytes() > logBytesMax) {
            boundLogAt = System.nanoTime() + BOUND_LOG_AGAIN.toNanos();
        }
    }

    private long logBytes() {
        try {
            return Files.size(logFile);
        } catch (IOException e) {
            // Usually the file does not exist. Other errors are reported by the next commit.
            return 0;
        }
    }

    /** Commits pending changes. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        tasks.add(end);
        try {
            writer.join();
        } catch (InterruptedException e) {
            // Tasks already taken are still committed; the thread is a daemon.
            Thread.currentThread().interrupt();
            return;
        }
        refuseAll();
        readers.close();
        browsers.close();
        try {
            if (session != null) {
                session.close();
            }
        } catch (SQLException e) {
            throw SqliteErrors.of(directory, e);
        }
    }

    private void refuseAll() {
        if (writer.isAlive()) {
            return;
        }
        for (Task<?> task = tasks.poll(); task != null; task = tasks.poll()) {
            task.fail(new StoreException(
                    "the store in " + directory + " is closed", new IllegalStateException("written to after close")));
        }
    }

    /** A requested change and its future result. */
    private static final class Task<T extends @Nullable Object> {
        final boolean alone;
        final CompletableFuture<T> answer = new CompletableFuture<>();
        private final WriteJob<T> writing;
        private Runnable success = () -> {};

        Task(WriteJob<T> writing, boolean alone) {
            this.writing = writing;
            this.alone = alone;
        }

        void run(WriteTransaction tx) throws SQLException {
            T result = writing.write(tx);
            success = () -> answer.complete(result);
        }

        void succeed() {
            success.run();
        }

        void fail(Throwable e) {
            answer.completeExceptionally(e);
        }
    }
}
