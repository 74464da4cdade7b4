package dev.rung.api;

import static dev.rung.web.Access.CHANGE;
import static dev.rung.web.Access.CHANGE_OWN;
import static dev.rung.web.Access.LOCAL;
import static dev.rung.web.Access.OPEN;
import static dev.rung.web.Access.READ;
import static dev.rung.web.Access.READ_OWN;

import dev.rung.web.RouteTable;

/** The routes of the API: method, path, permission, handler. */
public final class ApiRoutes {
    private ApiRoutes() {}

    public static RouteTable routes(ApiDependencies parts) {
        NotificationResource notifications =
                new NotificationResource(parts.catalog(), parts.store(), parts.directory());
        IntakeResource intake = new IntakeResource(parts, notifications);
        ResendResource resend =
                new ResendResource(parts.engine(), parts.catalog(), notifications, parts.urls(), parts.audit());
        MerchantsResource merchants = new MerchantsResource(parts);
        KeysResource keys = new KeysResource(parts);
        TestResource test = new TestResource(parts, intake);
        LaddersResource ladders = new LaddersResource(parts);
        EventsResource events = new EventsResource(parts);
        PaymentResource payments = new PaymentResource(parts);
        RefundResource refunds = new RefundResource(parts, payments);
        TimelineResource timeline = new TimelineResource(parts, payments);
        DiscrepancyResource discrepancies = new DiscrepancyResource(parts);
        ReconciliationResource reconciliations = new ReconciliationResource(parts);
        CallbackResource callbacks = new CallbackResource(parts);
        OperationsResource operations = new OperationsResource(parts);
        return new RouteTable()
                .post("/v1/notifications", CHANGE, intake::create)
                .post("/v1/notifications/batch", CHANGE, intake::createBatch)
                .get("/v1/notifications", READ_OWN, notifications::list)
                .get("/v1/notifications/{id}", READ_OWN, notifications::get)
                .get("/v1/notifications/{id}/payload", READ_OWN, notifications::payload)
                .post("/v1/notifications/{id}/resend", CHANGE_OWN, resend::resend)
                .post("/v1/notifications/{id}/cancel", CHANGE, resend::cancel)
                .post("/v1/notifications/resend", CHANGE_OWN, resend::resendMany)
                .post("/v1/merchants", CHANGE, merchants::create)
                .get("/v1/merchants", READ, merchants::list)
                .get("/v1/merchants/{id}", READ, merchants::get)
                .patch("/v1/merchants/{id}", CHANGE, merchants::change)
                .post("/v1/merchants/{id}/pause", CHANGE, merchants::pause)
                .post("/v1/merchants/{id}/resume", CHANGE, merchants::resume)
                .post("/v1/merchants/{id}/test", CHANGE, test::send)
                .post("/v1/merchants/{id}/rotate-secret", CHANGE, merchants::rotateSecret)
                .post("/v1/merchants/{id}/keys", CHANGE, keys::create)
                .get("/v1/merchants/{id}/keys", READ, keys::list)
                .delete("/v1/merchants/{id}/keys/{key_id}", CHANGE, keys::delete)
                .get("/v1/ladders", READ, ladders::list)
                .put("/v1/ladders/{name}", CHANGE, ladders::put)
                .post("/v1/payments", CHANGE, payments::create)
                .get("/v1/payments", READ_OWN, payments::list)
                .get("/v1/payments/{id}", READ_OWN, payments::get)
                .post("/v1/payments/{id}/sync", CHANGE_OWN, payments::sync)
                .post("/v1/payments/{id}/close", CHANGE, payments::close)
                .get("/v1/payments/{id}/timeline", READ_OWN, timeline::get)
                .post("/v1/payments/{id}/refunds", CHANGE, refunds::create)
                .get("/v1/payments/{id}/refunds", READ_OWN, refunds::list)
                .get("/v1/refunds/{id}", READ_OWN, refunds::get)
                .post("/v1/refunds/{id}/sync", CHANGE_OWN, refunds::sync)
                .get("/v1/discrepancies", READ, discrepancies::list)
                .get("/v1/discrepancies/{id}", READ, discrepancies::get)
                .post("/v1/discrepancies/{id}/resolve", CHANGE, discrepancies::resolve)
                .post("/v1/reconciliations", CHANGE, reconciliations::report)
                .get("/v1/callbacks", READ, callbacks::list)
                .postWithOrWithoutSlash("/callbacks/{account}", OPEN, callbacks::receive)
                .get("/v1/events", READ_OWN, events::list)
                .get("/v1/stream", READ_OWN, events::stream)
                .get("/health", OPEN, operations::health)
                .get("/ready", OPEN, operations::ready)
                .get("/metrics", LOCAL, operations::metrics)
                .get("/openapi.json", OPEN, operations::openApi);
    }
}
