/**
 * The store on MySQL and MariaDB, shared by any number of servers. Read {@link dev.rung.store.mysql.MySqlNotificationStore} first; {@link
 * dev.rung.store.mysql.MySqlStores} opens it.
 *
 * <p>A transaction locks the rows it changes in id order, decides in Java, and writes them in batches; counters come last. InnoDB may still
 * find a deadlock, because it also locks index entries; such a transaction is repeated.
 *
 * <p>Statements are understood by both databases. What differs is in {@link dev.rung.store.mysql.ConnectionPools} (settings of a session) and
 * {@link dev.rung.store.mysql.FeedSlots} (shared locks), in comments that only one of them executes.
 */
@NullMarked
package dev.rung.store.mysql;

import org.jspecify.annotations.NullMarked;
