package dev.rung.store.sqlite;

import dev.rung.core.port.StoreException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Translates database errors into messages for the operator. */
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
                        "no space is left for the store in " + directory + ": free some space; no restart is needed",
                        e);
            case SQLITE_READONLY ->
                new StoreException(
                        "the store in " + directory + " cannot be written: check its permissions and the disk", e);
            case SQLITE_BUSY, SQLITE_LOCKED ->
                new StoreException(
                        "another program has locked the store in " + directory + ": wait for it or stop it", e);
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                new StoreException(
                        "the store in " + directory + " is damaged: stop the server and restore a backup", e);
            default -> new StoreException("the store in " + directory + " failed: " + e.getMessage(), e);
        };
    }

    /** Whether the error is a duplicate primary key. */
    static boolean isKeyTaken(SQLException e) {
        return e instanceof SQLiteException sqlite
                && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY
                        || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_ROWID);
    }
}
