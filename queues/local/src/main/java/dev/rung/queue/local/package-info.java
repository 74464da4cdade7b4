/**
 * Queue, timers and clock of one process: nothing to install. Read {@link dev.rung.queue.local.LocalWakeQueue} first.
 */
@NullMarked
package dev.rung.queue.local;

import org.jspecify.annotations.NullMarked;
