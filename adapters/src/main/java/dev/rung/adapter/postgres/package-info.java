/**
 * The store on PostgreSQL, shared by any number of servers. Read {@link
 * dev.rung.adapter.postgres.PostgresNotificationStore} first; {@link dev.rung.adapter.postgres.PostgresStores} opens
 * it.
 *
 * <p>Each batch is one statement where it can be, because round trips and commits cost more than rows. Statements that
 * touch several rows lock them in id order first, and the tally's rows last, so that no two can deadlock.
 */
@NullMarked
package dev.rung.adapter.postgres;

import org.jspecify.annotations.NullMarked;
