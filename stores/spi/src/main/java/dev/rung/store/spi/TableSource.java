package dev.rung.store.spi;

import dev.rung.core.port.StoreException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a database that no server uses, for {@link StoreProvider#copyFrom}. Tables and columns have the names that database servers give
 * them; flags are 0 or 1. Used by one thread. Every method throws {@link StoreException} if the database cannot be read.
 */
public interface TableSource extends AutoCloseable {

    /** Identifies the database: an interrupted copy is repeated only from the same one. */
    String name();

    /** The tables to copy. */
    Set<String> tables();

    /** The columns to copy, in the order of {@link Rows#next}. */
    List<String> columns(String table);

    /** Reads all rows of a table, in the order of its primary key. One table is read at a time. */
    Rows rows(String table);

    @Override
    void close();

    /** Rows that are read one by one. */
    interface Rows extends AutoCloseable {

        /** The next row, of {@link Long}, {@link Double}, {@link String} and {@code byte[]}; null after the last. */
        @Nullable Object @Nullable [] next();

        @Override
        void close();
    }
}
