/**
 * The transactional outbox: {@link dev.rung.spring.outbox.Outbox} stores notifications in the application's own transaction, {@link
 * dev.rung.spring.outbox.OutboxRelay} submits them to Rung.
 */
@NullMarked
package dev.rung.spring.outbox;

import org.jspecify.annotations.NullMarked;
