package dev.rung.console;

import dev.rung.api.ApiVersion;
import dev.rung.api.ResendService;
import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Receiver;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationCatalog.Whole;
import dev.rung.core.port.NotificationStore;
import dev.rung.crypto.Rsa2FormSigner;
import dev.rung.web.Caller;
import dev.rung.web.Problem;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/** The page of a notification: its ladder with all attempts, payload and responses, and the actions of the operator. */
@Lazy
@Controller
@RequestMapping("/notifications/{id}")
final class NotificationPage {
    /** Longer payloads are cut on the page; the raw view has all. */
    private static final int SHOWN_BYTES_MAX = 64 << 10;

    private final NotificationCatalog catalog;
    private final NotificationStore store;
    private final MerchantNames names;
    private final CurlCommand curl;
    private final ResendService resends;
    private final MerchantCache merchantCache;
    private final InstantSource clock;
    private final ApiVersion version;

    NotificationPage(
            NotificationCatalog catalog,
            NotificationStore store,
            MerchantNames names,
            CurlCommand curl,
            ResendService resends,
            MerchantCache merchantCache,
            InstantSource clock,
            ApiVersion version) {
        this.catalog = catalog;
        this.store = store;
        this.names = names;
        this.curl = curl;
        this.resends = resends;
        this.merchantCache = merchantCache;
        this.clock = clock;
        this.version = version;
    }

    @GetMapping
    ModelAndView show(@AuthenticationPrincipal Caller caller, @PathVariable NotificationId id) {
        Whole found = whole(caller, id);
        Map<String, Object> model = model(found);
        byte[] payload = store.payload(found.notification().id());
        boolean complete = payload != null && payload.length <= SHOWN_BYTES_MAX;
        model.put("payload", payload == null ? "" : shown(payload));
        model.put("payloadBytes", payload == null ? 0 : payload.length);
        model.put("payloadComplete", complete);
        return Views.page("notification", model);
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
        model.put("event", n.content().eventOf(n.id()).toString());
        String url = merchantCache.urlOf(n);
        model.put("url", url);
        String parked = parked(n);
        model.put("parked", parked);
        model.put("ladderView", LadderView.of(n, url, found.attempts(), parked, contentType(n), version.text()));
        model.put("waiting", n.state() == DeliveryState.WAITING);
        model.put("seen", seen(n));
        return model;
    }

    private String parked(NotificationDetail n) {
        return SearchPage.parked(n, names.isPaused(n.merchantId()));
    }

    private String contentType(NotificationDetail n) {
        return merchantCache
                .find(n.merchantId())
                .map(m -> m.receiver(n.receiver()))
                .filter(r -> r.keys().signing().isForm())
                .map(r -> Rsa2FormSigner.CONTENT_TYPE)
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
                merchantCache.urlOf(n)));
    }

    /** The live part of the page, if it has changed. */
    @GetMapping("/live")
    ModelAndView live(@AuthenticationPrincipal Caller caller, @PathVariable NotificationId id, Form query) {
        NotificationDetail found = find(caller, id);
        if (seen(found).equals(query.shown("seen"))) {
            return Views.unchanged(found.nextAttemptAt() == null);
        }
        return Views.page("notification :: live", model(whole(caller, id)));
    }

    /** The raw payload; with {@code shown}, as a part of a page. */
    @GetMapping("/payload")
    ModelAndView payload(@AuthenticationPrincipal Caller caller, @PathVariable NotificationId id, Form query) {
        byte[] payload = store.payload(find(caller, id).id());
        if (payload == null) {
            throw unknown().asException();
        }
        return query.has("shown")
                ? Views.page("order :: bytes", Map.of("text", shown(payload)))
                : Views.text(new String(payload, StandardCharsets.UTF_8));
    }

    /** A curl command that sends the request with a current signature. */
    @GetMapping("/curl")
    ModelAndView curl(@AuthenticationPrincipal Caller caller, @PathVariable NotificationId id) {
        NotificationDetail found = find(caller, id);
        Receiver receiver = merchantCache
                .find(found.merchantId())
                .map(m -> m.receiver(found.receiver()))
                .orElseThrow(() -> unknown().asException());
        byte[] payload = store.payload(found.id());
        if (payload == null) {
            throw unknown().asException();
        }
        return Views.text(curl.command(
                found, Objects.requireNonNullElse(merchantCache.urlOf(found), ""), receiver, payload, clock.millis()));
    }

    @PostMapping("/resend")
    ModelAndView resend(@AuthenticationPrincipal Caller caller, @PathVariable NotificationId id) {
        resends.resend(caller, id, null);
        return Views.redirect("/notifications/" + id + "?done=resent");
    }

    @PostMapping("/cancel")
    ModelAndView cancel(@AuthenticationPrincipal Caller caller, @PathVariable NotificationId id) {
        resends.cancel(caller, id);
        return Views.redirect("/notifications/" + id + "?done=cancelled");
    }

    private Whole whole(Caller caller, NotificationId id) {
        return catalog.whole(id)
                .filter(found -> SearchPage.isFor(caller, found.notification()))
                .orElseThrow(() -> unknown().asException());
    }

    private NotificationDetail find(Caller caller, NotificationId id) {
        return catalog.find(id)
                .filter(found -> SearchPage.isFor(caller, found))
                .orElseThrow(() -> unknown().asException());
    }

    private static Problem unknown() {
        return Problem.notFound("notification_not_found", "Notification not found.");
    }
}
