package dev.rung.client;

import org.jspecify.annotations.Nullable;

/**
 * The result of an item of a batch.
 *
 * @param status 202 accepted, 200 repeated, else the status of a single request
 * @param notification the accepted notification; null if rejected
 * @param error why it was rejected; null if accepted
 */
public record BatchItem(
        int status,
        @Nullable Notification notification,
        @Nullable Problem error) {

    /** Whether the notification is stored. */
    public boolean isAccepted() {
        return notification != null;
    }

    /** Whether the item may be accepted if it is sent again, unchanged and with its idempotency key. */
    public boolean mayRetry() {
        return status == 429 || status >= 500;
    }

    BatchItem renamed(String prefix, String replacement) {
        return error == null ? this : new BatchItem(status, notification, error.renamed(prefix, replacement));
    }

    static BatchItem read(JsonObject json) {
        return new BatchItem(
                json.integer("status"),
                json.optionalObject("notification", Notification::read),
                json.optionalObject("error", Problem::read));
    }
}
