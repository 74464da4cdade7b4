package dev.rung.store.sqlite;

import dev.rung.core.port.StoreException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Says what a failure of the database means to whoever runs the server. */
final class SqliteErrors {
    private SqliteErrors() {}

    static StoreException of(Path directory, SQLException e) {
        if (!(e instanceof SQLiteException sqlite)) {
            return new StoreException("the store in " + directory + " failed: " + e.getMessage(), e);
        }
        SQLiteErrorCode code = sqlite.getResultCode();
        return switch (SQLiteErrorCode.getErrorCode(code.code & 0xff)) {
            case SQLITE_FULL ->
                new StoreException(
                        "no space is left for the store in " + directory + ": free some, nothing else is needed", e);
            case SQLITE_READONLY ->
                new StoreException(
                        "the store in " + directory + " cannot be written: check its permissions and its disk", e);
            case SQLITE_BUSY, SQLITE_LOCKED ->
                new StoreException(
                        "another program holds the store in " + directory + " locked: let it finish or stop it", e);
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                new StoreException(
                        "the store in " + directory + " is damaged: stop the server and restore a backup", e);
            default -> new StoreException("the store in " + directory + " failed: " + e.getMessage(), e);
        };
    }

    /** Whether a primary key was there already. */
    static boolean isKeyTaken(SQLException e) {
        return e instanceof SQLiteException sqlite
                && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY
                        || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_ROWID);
    }
}
