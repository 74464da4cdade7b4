package dev.rung.store.mysql;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Objects;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Connections that know their isolation level, which a pool asks each new one for. Through a vtgate the driver asks the databases behind it for a variable
 * by the name that vtgate's version has, and MariaDB calls it otherwise.
 */
final class FixedIsolation implements DataSource {
    private final String url;
    private final Properties properties;

    /**
     * @param properties of the driver
     */
    FixedIsolation(String url, Properties properties) {
        this.url = url;
        this.properties = properties;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return fixed(DriverManager.getConnection(url, properties));
    }

    @Override
    public Connection getConnection(String user, @Nullable String password) throws SQLException {
        Properties all = new Properties();
        all.putAll(properties);
        all.setProperty("user", user);
        if (password != null) {
            all.setProperty("password", password);
        }
        return fixed(DriverManager.getConnection(url, all));
    }

    private static Connection fixed(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                FixedIsolation.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    if (method.getName().equals("getTransactionIsolation")) {
                        return Connection.TRANSACTION_READ_COMMITTED;
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw Objects.requireNonNull(e.getCause());
                    }
                });
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
