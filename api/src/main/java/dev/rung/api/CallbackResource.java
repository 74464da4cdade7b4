package dev.rung.api;

import dev.rung.payments.flow.Payments;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.port.PaymentChannel.Acknowledgement;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import dev.rung.payments.port.PaymentStore;
import dev.rung.web.ApiRequest;
import dev.rung.web.ApiResponse;
import dev.rung.web.FieldErrors;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import dev.rung.web.QueryParameters;
import java.util.List;

/** Receives channel callbacks, which are authenticated by the channel's signature, and lists unverified ones. */
final class CallbackResource {
    /** Each callback may have 64 KiB. */
    private static final int LIMIT_MAX = 100;

    private final Payments payments;
    private final PaymentStore store;

    CallbackResource(ApiDependencies parts) {
        this.payments = parts.payments();
        this.store = parts.paymentStore();
    }

    /** {@code GET /v1/callbacks}: unverified callbacks; verified ones are in the timelines of their payments. */
    ApiResponse list(ApiRequest call) {
        FieldErrors errors = new FieldErrors();
        QueryParameters query = call.query(errors);
        String channel = query.text("channel");
        if (channel == null) {
            errors.add("channel", "is required");
        }
        query.text("verdict", CallbackResource::unverified);
        boolean withBodies = Boolean.TRUE.equals(query.text("include", CallbackResource::isBody));
        int limit = query.integer("limit", NotificationResource.LIMIT_DEFAULT, 1, LIMIT_MAX);
        Long before = query.text("cursor", text -> Cursors.number(Cursors.Kind.CALLBACKS, text));
        query.refuseOthers();
        errors.check();
        List<StoredCallback> found =
                store.unverified(String.valueOf(channel), before == null ? Long.MAX_VALUE : before, limit + 1);
        List<StoredCallback> page = found.subList(0, Math.min(limit, found.size()));
        String cursor = found.size() == page.size()
                ? null
                : Cursors.of(Cursors.Kind.CALLBACKS, page.getLast().id());
        return ApiResponse.json(
                200,
                g -> JsonWriter.page(
                        g, cursor, items -> page.forEach(each -> PaymentJson.callback(items, each, withBodies))));
    }

    private static String unverified(String verdict) {
        if (!verdict.equals("unverified")) {
            throw new IllegalArgumentException(
                    "must be unverified; verified callbacks are in the timelines of their payments");
        }
        return verdict;
    }

    private static boolean isBody(String part) {
        if (!part.equals("body")) {
            throw new IllegalArgumentException("must be body");
        }
        return true;
    }

    /** {@code POST /callbacks/{account}}: responds in the channel's format, after the commit. */
    ApiResponse receive(ApiRequest call) {
        String channel = call.variable("account");
        if (!payments.channels().contains(channel)) {
            return ApiResponse.problem(unknown());
        }
        CallbackRequest request =
                new CallbackRequest(call.headers(), call.queryString(), call.bytes(StoredCallback.BODY_BYTES_MAX));
        return payments.callback(channel, request)
                .map(CallbackResource::answer)
                .orElseThrow(() -> unknown().asException());
    }

    private static Problem unknown() {
        return Problem.notFound("Channel not found.");
    }

    private static ApiResponse answer(Acknowledgement acknowledgement) {
        String type = acknowledgement.contentType();
        return ApiResponse.text(acknowledgement.status(), type == null ? "" : type, acknowledgement.body());
    }
}
