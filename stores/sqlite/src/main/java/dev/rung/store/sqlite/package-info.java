/**
 * The embedded store: one SQLite database in the data directory, one process at a time.
 *
 * <p>{@link dev.rung.store.sqlite.SqliteStores} opens it and hands out the ports; read {@link
 * dev.rung.store.sqlite.SqliteDatabase} next: all writing passes through its one thread, in groups that share a commit.
 */
@NullMarked
package dev.rung.store.sqlite;

import org.jspecify.annotations.NullMarked;
