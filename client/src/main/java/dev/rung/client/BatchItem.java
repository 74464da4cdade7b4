package dev.rung.client;

import org.jspecify.annotations.Nullable;

/**
 * What became of one item of a batch.
 *
 * @param status 202 accepted, 200 accepted before, else as if it had been sent alone
 * @param notification what was accepted; null when it was not
 * @param error why it was not accepted; null when it was
 */
public record BatchItem(
        int status,
        @Nullable Notification notification,
        @Nullable Problem error) {

    /** Whether it is stored, now or before. */
    public boolean isAccepted() {
        return notification != null;
    }
}
