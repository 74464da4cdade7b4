/**
 * Queue, timers and clock of one process: nothing to install. Read {@link dev.rung.adapter.local.LocalWakeQueue} first.
 */
@NullMarked
package dev.rung.adapter.local;

import org.jspecify.annotations.NullMarked;
