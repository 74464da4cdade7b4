package dev.rung.console;

import dev.rung.core.model.DeliveryKind;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationState;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalog.Whole;
import dev.rung.core.port.NotificationStore;
import dev.rung.crypto.Rsa2FormSigner;
import dev.rung.web.Problem;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** The page of a notification: its ladder with all attempts, payload and responses, and the actions of the operator. */
final class NotificationPage {
    /** Longer payloads are cut on the page; the raw view has all. */
    private static final int SHOWN_BYTES_MAX = 64 << 10;

    private final NotificationCatalog catalog;
    private final NotificationStore store;
    private final MerchantNames names;
    private final CurlCommand curl;
    private final ConsoleDependencies parts;

    NotificationPage(ConsoleDependencies parts, MerchantNames names, CurlCommand curl) {
        this.parts = parts;
        this.catalog = parts.catalog();
        this.store = parts.store();
        this.names = names;
        this.curl = curl;
    }

    /** {@code GET /notifications/{id}} */
    PageResponse show(PageRequest visit) {
        Whole found = whole(visit);
        Map<String, Object> model = model(found);
        byte[] payload = store.payload(found.notification().id());
        boolean complete = payload != null && payload.length <= SHOWN_BYTES_MAX;
        model.put("payload", payload == null ? "" : shown(payload));
        model.put("payloadBytes", payload == null ? 0 : payload.length);
        model.put("payloadComplete", complete);
        return PageResponse.html("notification", model);
    }

    private static String shown(byte[] payload) {
        return payload.length <= SHOWN_BYTES_MAX
                ? JsonText.formatted(new String(payload, StandardCharsets.UTF_8))
                : new String(payload, 0, SHOWN_BYTES_MAX, StandardCharsets.UTF_8);
    }

    private Map<String, Object> model(Whole found) {
        NotificationDetail n = found.notification();
        Map<String, Object> model = new HashMap<>();
        model.put("n", n);
        model.put("merchant", names.name(n.merchantId()));
        String url = parts.directory().urlOf(n);
        model.put("url", url);
        String parked = parked(n);
        model.put("parked", parked);
        model.put(
                "ladderView",
                LadderView.of(
                        n,
                        url,
                        found.attempts(),
                        parked,
                        contentType(n),
                        parts.version().text()));
        model.put("waiting", n.state() == NotificationState.WAITING);
        model.put("seen", seen(n));
        return model;
    }

    private String parked(NotificationDetail n) {
        return SearchPage.parked(n, names.isPaused(n.merchantId()));
    }

    private String contentType(NotificationDetail n) {
        return parts.directory()
                .find(n.merchantId())
                .filter(m -> m.receiver().keys().signing().isForm())
                .map(m -> Rsa2FormSigner.CONTENT_TYPE)
                .orElse("application/json");
    }

    /** A hash of everything that can change. */
    private String seen(NotificationDetail n) {
        return Integer.toHexString(Objects.hash(
                n.state(),
                n.wakeLocation(),
                n.rung(),
                n.attemptsMade(),
                n.nextAttemptAt(),
                n.settledAt(),
                parked(n),
                parts.directory().urlOf(n)));
    }

    /** {@code GET /notifications/{id}/live}: the live part of the page, if it has changed. */
    PageResponse live(PageRequest visit) {
        NotificationDetail found = find(visit);
        if (seen(found).equals(visit.query().shown("seen"))) {
            return new PageResponse.Unchanged(found.nextAttemptAt() == null);
        }
        return PageResponse.html("notification :: live", model(whole(visit)));
    }

    /** {@code GET /notifications/{id}/payload}: the raw payload; with {@code shown}, as a part of a page. */
    PageResponse payload(PageRequest visit) {
        byte[] payload = store.payload(find(visit).id());
        if (payload == null) {
            throw unknown().asException();
        }
        return visit.query().has("shown")
                ? PageResponse.html("order :: bytes", Map.of("text", shown(payload)))
                : new PageResponse.Text(200, new String(payload, StandardCharsets.UTF_8));
    }

    /** {@code GET /notifications/{id}/curl}: a curl command that sends the request with a current signature. */
    PageResponse curl(PageRequest visit) {
        NotificationDetail found = find(visit);
        Merchant merchant = parts.merchants()
                .find(found.merchantId())
                .orElseThrow(() -> unknown().asException());
        byte[] payload = store.payload(found.id());
        if (payload == null) {
            throw unknown().asException();
        }
        return new PageResponse.Text(
                200,
                curl.command(
                        found,
                        Objects.requireNonNullElse(parts.directory().urlOf(found), ""),
                        merchant,
                        payload,
                        parts.clock().millis()));
    }

    /** {@code POST /notifications/{id}/resend} */
    PageResponse resend(PageRequest visit) {
        NotificationId id = find(visit).id();
        parts.resends().resend(visit.caller(), id, null);
        return new PageResponse.Redirect("/notifications/" + id + "?done=resent");
    }

    /** {@code POST /notifications/{id}/cancel} */
    PageResponse cancel(PageRequest visit) {
        NotificationId id = find(visit).id();
        parts.resends().cancel(visit.caller(), id);
        return new PageResponse.Redirect("/notifications/" + id + "?done=cancelled");
    }

    private Whole whole(PageRequest visit) {
        return read(visit, catalog::whole, Whole::notification);
    }

    private NotificationDetail find(PageRequest visit) {
        return read(visit, catalog::find, Function.identity());
    }

    private <T> T read(
            PageRequest visit,
            Function<NotificationId, Optional<T>> find,
            Function<T, NotificationDetail> notification) {
        return Form.parsed(visit.variable("id"), NotificationId::parse)
                .flatMap(find)
                .filter(it -> notification.apply(it).kind() == DeliveryKind.NOTIFICATION)
                .orElseThrow(() -> unknown().asException());
    }

    private static Problem unknown() {
        return Problem.notFound("notification_not_found", "Notification not found.");
    }
}
