/**
 * The embedded store: one SQLite database in the data directory, one process at a time.
 *
 * <p>{@link dev.rung.store.sqlite.SqliteStores} opens it and provides the ports. Read {@link dev.rung.store.sqlite.SqliteDatabase} next:
 * its single thread executes all writes, in groups that share a commit.
 */
@NullMarked
package dev.rung.store.sqlite;

import org.jspecify.annotations.NullMarked;
