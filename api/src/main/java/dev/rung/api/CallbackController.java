package dev.rung.api;

import dev.rung.core.model.InvalidValueException;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.port.PaymentChannel.Acknowledgement;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import dev.rung.payments.port.PaymentStore;
import dev.rung.web.BodyReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import dev.rung.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Receives channel callbacks, which are authenticated by the channel's signature, and lists unverified ones. */
@RestController
final class CallbackController {
    /** Each callback may have 64 KiB. */
    private static final int LIMIT_MAX = 100;

    private final Payments payments;
    private final PaymentStore store;

    CallbackController(Payments payments, PaymentStore store) {
        this.payments = payments;
        this.store = store;
    }

    /** Unverified callbacks; verified ones are in the timelines of their payments. */
    @GetMapping("/v1/callbacks")
    JsonWriter.Content list(QueryParameters query) {
        query.require("channel");
        String channel = query.text("channel");
        query.text("verdict", CallbackController::unverified);
        boolean withBodies = Boolean.TRUE.equals(query.text("include", CallbackController::isBody));
        int limit = query.integer("limit", Lists.LIMIT_DEFAULT, 1, LIMIT_MAX);
        Long before = query.text("cursor", text -> Cursors.number(Cursors.Kind.CALLBACKS, text));
        query.finish();
        List<StoredCallback> found =
                store.unverified(String.valueOf(channel), before == null ? Long.MAX_VALUE : before, limit + 1);
        List<StoredCallback> page = found.subList(0, Math.min(limit, found.size()));
        String cursor = found.size() == page.size()
                ? null
                : Cursors.of(Cursors.Kind.CALLBACKS, page.getLast().id());
        return g -> JsonWriter.page(
                g, cursor, items -> page.forEach(each -> PaymentJson.callback(items, each, withBodies)));
    }

    private static String unverified(String verdict) {
        if (!verdict.equals("unverified")) {
            throw new InvalidValueException(
                    "not_one_of",
                    "must be unverified; verified callbacks are in the timelines of their payments",
                    "unverified");
        }
        return verdict;
    }

    private static boolean isBody(String part) {
        if (!part.equals("body")) {
            throw new InvalidValueException("not_one_of", "must be body", "body");
        }
        return true;
    }

    /** Responds in the channel's format, after the commit. */
    @PostMapping({"/callbacks/{account}", "/callbacks/{account}/"})
    ResponseEntity<byte[]> receive(@PathVariable String account, HttpServletRequest request, BodyReader body) {
        if (!payments.channels().contains(account)) {
            throw unknown().asException();
        }
        CallbackRequest callback = new CallbackRequest(
                headers(request),
                request.getQueryString(),
                body.bytes(StoredCallback.BODY_BYTES_MAX),
                request.getRemoteAddr());
        return payments.callback(account, callback)
                .map(CallbackController::response)
                .orElseThrow(() -> unknown().asException());
    }

    /** All headers, by lower-case name. */
    private static Map<String, List<String>> headers(HttpServletRequest request) {
        Map<String, List<String>> headers = new TreeMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name)));
        }
        return headers;
    }

    private static Problem unknown() {
        return Problem.notFound("channel_not_found", "Channel not found.");
    }

    private static ResponseEntity<byte[]> response(Acknowledgement acknowledgement) {
        ResponseEntity.BodyBuilder response = ResponseEntity.status(acknowledgement.status());
        if (acknowledgement.contentType() != null) {
            response.header(HttpHeaders.CONTENT_TYPE, acknowledgement.contentType());
        }
        return response.body(acknowledgement.body().getBytes(StandardCharsets.UTF_8));
    }
}
