/**
 * Queue, timer and clock of one process, without any service. Read {@link dev.rung.queue.local.LocalWakeQueue} first.
 */
@NullMarked
package dev.rung.queue.local;

import org.jspecify.annotations.NullMarked;
