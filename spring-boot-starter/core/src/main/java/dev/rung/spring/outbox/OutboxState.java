package dev.rung.spring.outbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How much is in the outbox.
 *
 * @param waiting to be submitted
 * @param failed set aside, because Rung refuses them
 * @param oldest when the oldest waiting one was added; null if there is none
 */
public record OutboxState(
        long waiting, long failed, @Nullable Instant oldest) {}
