/**
 * The store on PostgreSQL, shared by any number of servers. Read {@link
 * dev.rung.store.postgresql.PostgresNotificationStore} first; {@link dev.rung.store.postgresql.PostgresStores} opens
 * it.
 *
 * <p>Each batch is one statement if possible, because round trips and commits cost more than rows. Statements that change several rows lock
 * them in id order first and the counters last, so that they cannot deadlock.
 */
@NullMarked
package dev.rung.store.postgresql;

import org.jspecify.annotations.NullMarked;
