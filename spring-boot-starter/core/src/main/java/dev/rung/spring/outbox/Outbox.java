package dev.rung.spring.outbox;

import dev.rung.client.NewNotification;
import dev.rung.client.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Stores notifications in the application's own transaction: they are submitted to Rung if, and only if, it commits, whatever is killed in between.
 * Those of one merchant and order number are submitted in the order in which they were added, the others in any. Thread-safe.
 */
public final class Outbox {
    private final DataSource dataSource;
    private final OutboxTable table;
    private final @Nullable String merchantId;
    private final InstantSource clock;
    private final Runnable committed;

    /**
     * @param merchantId for {@link #notification}; null for none
     * @param committed is run after a commit, to submit at once
     */
    public Outbox(DataSource dataSource, @Nullable String merchantId, InstantSource clock, Runnable committed) {
        this.dataSource = dataSource;
        this.table = new OutboxTable(dataSource);
        this.merchantId = merchantId;
        this.clock = clock;
        this.committed = committed;
    }

    /**
     * A notification to the merchant of the property {@code rung.merchant-id}, to be passed to {@link #add}.
     *
     * @param payload JSON text
     */
    public NewNotification notification(String payload) {
        if (merchantId == null) {
            throw new IllegalStateException("the property rung.merchant-id is not set");
        }
        return NewNotification.to(merchantId, payload);
    }

    /**
     * Adds a notification to the running transaction.
     *
     * @return its idempotency key, generated if it has none
     * @throws IllegalStateException if there is no transaction
     * @throws IllegalArgumentException if Rung would refuse the payload or the key
     */
    public String add(NewNotification notification) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException(
                    "call outbox.add in a transaction: it commits the notification with the rest");
        }
        NewNotification keyed = notification.idempotencyKey() == null
                ? notification.withIdempotencyKey(UUID.randomUUID().toString())
                : notification;
        Optional<Problem> problem = keyed.problem();
        if (problem.isPresent()) {
            throw new IllegalArgumentException(problem.get().detail());
        }
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            OutboxTable.insert(connection, keyed, clock.instant());
        } catch (SQLException e) {
            throw new OutboxException(e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                committed.run();
            }
        });
        return String.valueOf(keyed.idempotencyKey());
    }

    public OutboxState state() {
        return call(table::state);
    }

    /** The oldest notifications that were set aside. */
    public List<FailedNotification> failed(int max) {
        return call(() -> table.failed(max));
    }

    /**
     * Submits a notification again that was set aside.
     *
     * @return false if there is none of this id
     */
    public boolean retry(long id) {
        boolean found = call(() -> table.retry(id));
        committed.run();
        return found;
    }

    /**
     * Deletes a notification that was set aside.
     *
     * @return false if there is none of this id
     */
    public boolean discard(long id) {
        return call(() -> table.discard(id));
    }

    /** Creates the table if it does not exist. */
    public void createTable() {
        call(() -> {
            table.create();
            return true;
        });
    }

    private interface Query<T> {
        T run() throws SQLException;
    }

    private static <T> T call(Query<T> query) {
        try {
            return query.run();
        } catch (SQLException e) {
            throw new OutboxException(e);
        }
    }
}
