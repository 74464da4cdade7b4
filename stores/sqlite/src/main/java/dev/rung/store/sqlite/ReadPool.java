package dev.rung.store.sqlite;

import dev.rung.core.port.StoreException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A pool of reader threads; each call reads one snapshot. Thread-safe.
 *
 * <p>Platform threads, because disk reads block in native code, where a virtual thread would pin its carrier.
 */
final class ReadPool implements AutoCloseable {
    private final Path directory;
    private final Path file;
    private final Lock gate;
    private final ExecutorService threads;
    private final Queue<SqliteSession> idle = new ConcurrentLinkedQueue<>();

    /**
     * @param gate held during each read
     */
    ReadPool(Path directory, Path file, String name, int count, Lock gate) {
        this.directory = directory;
        this.file = file;
        this.gate = gate;
        this.threads = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name(name, 0).factory());
    }

    /** A read of the database. */
    interface Reading<T extends @Nullable Object> {
        T read(SqliteSession session) throws SQLException;
    }

    <T extends @Nullable Object> T read(Reading<T> reading) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> run(reading, answer));
        } catch (RejectedExecutionException e) {
            throw new StoreException("the store in " + directory + " is closed", e);
        }
        return PendingResults.await(answer);
    }

    private <T extends @Nullable Object> void run(Reading<T> reading, CompletableFuture<T> answer) {
        gate.lock();
        try {
            answer.complete(readNow(reading));
        } catch (SQLException e) {
            answer.completeExceptionally(SqliteErrors.of(directory, e));
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
        } finally {
            gate.unlock();
        }
    }

    private <T extends @Nullable Object> T readNow(Reading<T> reading) throws SQLException {
        SqliteSession session = idle.poll();
        if (session == null) {
            session = SqliteSession.reading(file);
        }
        boolean sound = false;
        try {
            T result = reading.read(session);
            session.rollback();
            sound = true;
            return result;
        } finally {
            if (sound) {
                idle.add(session);
            } else {
                session.close();
            }
        }
    }

    /** Completes pending reads. */
    @Override
    public void close() {
        threads.close();
        for (SqliteSession session = idle.poll(); session != null; session = idle.poll()) {
            try {
                session.close();
            } catch (SQLException e) {
                throw SqliteErrors.of(directory, e);
            }
        }
    }
}
