/**
 * The store on PostgreSQL, shared by any number of servers. Read {@link
 * dev.rung.store.postgresql.PostgresNotificationStore} first; {@link dev.rung.store.postgresql.PostgresStores} opens
 * it.
 *
 * <p>Each batch is one statement where it can be, because round trips and commits cost more than rows. Statements that
 * touch several rows lock them in id order first, and the tally's rows last, so that no two can deadlock.
 */
@NullMarked
package dev.rung.store.postgresql;

import org.jspecify.annotations.NullMarked;
