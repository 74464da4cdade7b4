package dev.rung.api;

import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalog.Also;
import dev.rung.core.port.NotificationCatalog.Filter;
import dev.rung.core.port.NotificationCatalog.Page;
import dev.rung.core.port.NotificationCatalog.Whole;
import dev.rung.core.port.NotificationStore;
import dev.rung.web.Caller;
import dev.rung.web.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads notifications that a caller may see. Thread-safe. */
final class NotificationService {
    private final NotificationCatalog catalog;
    private final NotificationStore store;

    NotificationService(NotificationCatalog catalog, NotificationStore store) {
        this.catalog = catalog;
        this.store = store;
    }

    /**
     * The notification.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    NotificationDetail find(Caller caller, NotificationId id) {
        return catalog.find(id)
                .filter(n -> isFor(caller, n))
                .orElseThrow(() -> unknown().asException());
    }

    /**
     * The notification with its attempts.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    Whole whole(Caller caller, NotificationId id) {
        return catalog.whole(id)
                .filter(whole -> isFor(caller, whole.notification()))
                .orElseThrow(() -> unknown().asException());
    }

    /**
     * The current state of a notification that the caller is known to see.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    Whole current(NotificationId id) {
        return catalog.whole(id).orElseThrow(() -> unknown().asException());
    }

    /** The further notifications of the event of which this is the first. */
    List<Also> also(NotificationDetail first) {
        return catalog.also(first.merchantId(), first.id());
    }

    /**
     * The payload's bytes.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    byte[] payload(Caller caller, NotificationId id) {
        byte[] payload = store.payload(find(caller, id).id());
        if (payload == null) {
            throw unknown().asException();
        }
        return payload;
    }

    /**
     * A page of notifications, newest first, below an id.
     *
     * @throws dev.rung.web.ProblemException 404 if the filter names another merchant than the caller's
     */
    Page search(Caller caller, Filter filter, @Nullable NotificationId before, int limit) {
        checkVisible(caller, filter.merchant());
        return catalog.search(filter, before, limit);
    }

    /**
     * Whether the caller may see a merchant's data.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    static void checkVisible(Caller caller, @Nullable MerchantId merchant) {
        if (merchant != null && !caller.sees(merchant)) {
            throw MerchantService.unknown().asException();
        }
    }

    private static boolean isFor(Caller caller, NotificationDetail n) {
        return n.kind() == DeliveryKind.NOTIFICATION && caller.sees(n.merchantId());
    }

    static Problem unknown() {
        return Problem.notFound("notification_not_found", "Notification not found.");
    }
}
