package dev.rung.api;

import dev.rung.core.flow.Engine;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.EndpointId;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalog.Filter;
import dev.rung.core.port.NotificationCatalog.Page;
import dev.rung.core.port.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cancels what waits for a receiver that was deleted. If this process dies before it ends, the rest is cancelled when it is due. Thread-safe.
 */
final class WaitingCancellation {
    private static final int PAGE = 500;
    /** A caller waits so long; the rest is cancelled in the background. */
    private static final long WAIT_MILLIS = 2_000;

    private final NotificationCatalog catalog;
    private final Engine engine;
    private final ExecutorService executor;

    WaitingCancellation(NotificationCatalog catalog, Engine engine, ExecutorService executor) {
        this.catalog = catalog;
        this.engine = engine;
        this.executor = executor;
    }

    /**
     * Cancels what waits for an endpoint, or, with null, for any receiver of the merchant. Returns when all is cancelled, or after {@value
     * #WAIT_MILLIS} ms.
     */
    void cancel(MerchantId merchant, @Nullable EndpointId endpoint) {
        Filter waiting = new Filter(merchant, endpoint, null, DeliveryState.WAITING, null, null, null);
        CompletableFuture.runAsync(() -> cancelAll(waiting), executor)
                .completeOnTimeout(null, WAIT_MILLIS, TimeUnit.MILLISECONDS)
                .join();
    }

    private void cancelAll(Filter waiting) {
        NotificationId before = null;
        try {
            do {
                Page page = catalog.search(waiting, before, PAGE);
                page.data().forEach(engine::cancel);
                before = page.next();
            } while (before != null);
        } catch (StoreException e) {
            // The store is unavailable: the rest is cancelled when it is due.
            return;
        }
    }

    /** Whether anything waits for any receiver of a merchant. */
    boolean isAnyWaiting(MerchantId merchant) {
        Filter waiting = new Filter(merchant, null, DeliveryState.WAITING, null, null, null);
        NotificationId before = null;
        do {
            Page page = catalog.search(waiting, before, 1);
            if (!page.data().isEmpty()) {
                return true;
            }
            before = page.next();
        } while (before != null);
        return false;
    }
}
