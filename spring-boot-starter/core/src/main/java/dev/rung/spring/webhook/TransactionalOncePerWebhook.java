package dev.rung.spring.webhook;

import dev.rung.client.JdbcOncePerWebhook;
import dev.rung.client.OncePerWebhook;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;

/** Stores the id of a notification in the Spring transaction in which its action runs. */
public final class TransactionalOncePerWebhook implements OncePerWebhook {
    private final DataSource dataSource;
    private final PlatformTransactionManager transactions;

    public TransactionalOncePerWebhook(DataSource dataSource, PlatformTransactionManager transactions) {
        this.dataSource = dataSource;
        this.transactions = transactions;
    }

    @Override
    public <E extends Exception> Result run(String id, Action<E> action) throws E {
        TransactionStatus status = transactions.getTransaction(new DefaultTransactionDefinition());
        boolean succeeded = false;
        try {
            boolean first = isFirst(id);
            if (first) {
                action.run();
            }
            succeeded = first;
            if (!first) {
                return Result.DONE_BEFORE;
            }
        } finally {
            if (!succeeded) {
                transactions.rollback(status);
            }
        }
        transactions.commit(status);
        return Result.DONE;
    }

    private boolean isFirst(String id) {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            return JdbcOncePerWebhook.firstTime(connection, id);
        } catch (SQLException e) {
            throw new IllegalStateException("ids of notifications cannot be stored in the table rung_webhook", e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }
}
