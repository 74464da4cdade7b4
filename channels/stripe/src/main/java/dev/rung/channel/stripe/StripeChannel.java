package dev.rung.channel.stripe;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.stripe.StripeGateway.Response;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.ChannelRefunds;
import dev.rung.payments.port.PaymentChannel;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stripe. A payment is a Checkout Session, whose {@code client_reference_id} and idempotency key are the payment's id: a repeated placement finds the first
 * session. It is closed by expiring it.
 */
final class StripeChannel implements PaymentChannel {
    private final StripeAccount account;
    private final Supplier<URI> notifyUrl;
    private final StripeGateway gateway;
    private final StripeOrders orders;
    private final StripeRefunds refunds;
    private final InstantSource clock;

    /**
     * Opens one.
     *
     * @param notifyUrl the URL of the webhook endpoint
     * @param client closed with the channel
     */
    StripeChannel(StripeAccount account, Supplier<URI> notifyUrl, GatewayClient client, InstantSource clock) {
        this.account = account;
        this.notifyUrl = notifyUrl;
        this.gateway = new StripeGateway(account, client);
        this.orders = new StripeOrders(gateway);
        this.refunds = new StripeRefunds(gateway, orders);
        this.clock = clock;
    }

    @Override
    public String name() {
        return account.name();
    }

    @Override
    public void close() {
        gateway.client().close();
    }

    @Override
    public @Nullable String checkOptions(@Nullable String channelOptions) {
        return channelOptions == null ? null : "must be left out: the channel " + account.name() + " has none";
    }

    @Override
    public @Nullable String checkAttach(String attach) {
        return attach.codePointCount(0, attach.length()) > StripeOrders.ATTACH_MAX
                ? "is longer than Stripe allows: " + StripeOrders.ATTACH_MAX + " characters"
                : null;
    }

    @Override
    public Placement place(Payment payment) {
        Response response;
        try {
            response = orders.create(payment, notifyUrl.get(), Deadline.in(GatewayClient.CALL));
        } catch (IllegalArgumentException e) {
            return new Placement.Rejected(String.valueOf(e.getMessage()));
        }
        return switch (response) {
            case Response.Found(JsonObject session, String ignored) -> {
                String url = session.text("url");
                yield url == null
                        ? new Placement.Unclear("placed, but the session has no URL")
                        : new Placement.Placed(url);
            }
            case Response.Refused(String reason, String ignored) -> new Placement.Rejected(reason);
            case Response.Missing(String reason, String ignored) -> new Placement.Unclear(reason);
            case Response.Unclear(String reason, String ignored) -> new Placement.Unclear(reason);
        };
    }

    @Override
    public Exchange query(Payment payment) {
        long start = System.nanoTime();
        return query(payment, StripeOrders.session(payment), Deadline.in(GatewayClient.CALL), start);
    }

    private Exchange query(Payment payment, @Nullable String session, Deadline deadline, long start) {
        Response response = session == null
                ? orders.search(payment, deadline)
                : gateway.get(StripeOrders.SESSIONS + "/" + session, deadline);
        Evidence evidence = switch (response) {
            case Response.Found(JsonObject list, String ignored)
            when session == null -> StripeOrders.searched(payment, list);
            case Response.Found(JsonObject object, String ignored) ->
                isOf(payment, object)
                        ? StripeOrders.evidence(object)
                        : new Evidence.Unknown("the response is for another order");
            case Response.Missing(String reason, String ignored) -> new Evidence.NotFound(reason);
            case Response.Refused(String reason, String ignored) -> new Evidence.Unknown(reason);
            case Response.Unclear(String reason, String ignored) -> new Evidence.Unknown(reason);
        };
        return exchange(evidence, start, response.text());
    }

    private static boolean isOf(Payment payment, JsonObject session) {
        return payment.id().toString().equals(session.text("client_reference_id"));
    }

    /** Expires the session; one that is not known is found by placing it again, which changes nothing if it exists. */
    @Override
    public Exchange close(Payment payment) {
        long start = System.nanoTime();
        Deadline deadline = Deadline.in(GatewayClient.CALL);
        String session = StripeOrders.session(payment);
        if (session == null) {
            Exchange queried = query(payment, null, deadline, start);
            if (!(queried.evidence() instanceof Evidence.NotFound)) {
                return queried;
            }
            Response created = orders.create(payment, notifyUrl.get(), deadline);
            if (!(created instanceof Response.Found(JsonObject object, String ignored)) || object.text("id") == null) {
                return exchange(new Evidence.Unknown("the session is not known"), start, created.text());
            }
            session = object.text("id");
        }
        Response response = gateway.post(StripeOrders.SESSIONS + "/" + session + "/expire", Map.of(), null, deadline);
        return switch (response) {
            case Response.Found(JsonObject object, String text) ->
                exchange(
                        isOf(payment, object)
                                ? StripeOrders.evidence(object)
                                : new Evidence.Unknown("the response is for another order"),
                        start,
                        text);
            // It is complete or has expired.
            case Response.Refused refused -> query(payment, session, deadline, start);
            case Response.Missing(String reason, String text) -> exchange(new Evidence.Unknown(reason), start, text);
            case Response.Unclear(String reason, String text) -> exchange(new Evidence.Unknown(reason), start, text);
        };
    }

    /** Reads the balance, which every key may, unless it is restricted. */
    @Override
    public List<String> check() {
        return switch (gateway.get("/v1/balance", Deadline.in(GatewayClient.CALL))) {
            case Response.Found found -> List.of();
            case Response.Missing(String reason, String ignored) -> List.of("Stripe refused a query: " + reason);
            case Response.Refused(String reason, String ignored) -> List.of("Stripe refused a query: " + reason);
            case Response.Unclear(String reason, String ignored) -> List.of(reason);
        };
    }

    @Override
    public Optional<ChannelRefunds> refunds() {
        return Optional.of(refunds);
    }

    @Override
    public Set<String> signatureHeaders() {
        return Set.of(StripeWebhook.HEADER);
    }

    @Override
    public Callback readCallback(CallbackRequest request) {
        List<String> headers = request.headers().getOrDefault(StripeWebhook.HEADER, List.of());
        String fault = StripeWebhook.fault(
                headers.isEmpty() ? null : headers.getFirst(),
                request.body(),
                account.webhookSecret(),
                clock.instant());
        if (fault != null) {
            return new Callback.Unverified(fault);
        }
        try {
            JsonObject event = JsonObject.parse(request.body());
            JsonObject data = event.object("data");
            JsonObject object = data == null ? null : data.object("object");
            return object == null
                    ? new Callback.Unverified("the event has no object")
                    : read(String.valueOf(event.text("type")), object);
        } catch (IllegalArgumentException e) {
            return new Callback.Unverified("the event is " + e.getMessage());
        }
    }

    private static Callback read(String type, JsonObject object) {
        return switch (type) {
            case "checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.expired" ->
                order(object, StripeOrders.evidence(object));
            case "checkout.session.async_payment_failed" ->
                order(object, new Evidence.Failed("the payer's bank did not pay"));
            case "refund.created", "refund.updated", "refund.failed", "charge.refund.updated" -> refund(object);
            // Stripe repeats what is not acknowledged for days, and in the end disables the address.
            default -> new Callback.Irrelevant();
        };
    }

    private static Callback order(JsonObject session, Evidence evidence) {
        String number = session.text("client_reference_id");
        return number == null
                ? new Callback.Unverified("the session has no client_reference_id")
                : new Callback.Verified(number, evidence);
    }

    /** One that was made in the dashboard has no metadata: it is known by Stripe's own numbers. */
    private static Callback refund(JsonObject refund) {
        String number = StripeOrders.metadata(refund, StripeOrders.PAYMENT);
        String refundNo = StripeOrders.metadata(refund, StripeRefunds.REFUND);
        if (number == null || refundNo == null) {
            number = refund.text("payment_intent");
            refundNo = refund.text("id");
        }
        return number == null || refundNo == null
                ? new Callback.Irrelevant()
                : new Callback.VerifiedRefund(number, refundNo, StripeRefunds.evidence(refund));
    }

    @Override
    public Acknowledgement acknowledgement(boolean accepted) {
        return new Acknowledgement(accepted ? 200 : 400, "text/plain", accepted ? "received" : "not accepted");
    }

    private static Exchange exchange(Evidence evidence, long start, @Nullable String text) {
        return new Exchange(evidence, (int) ((System.nanoTime() - start) / 1_000_000), text);
    }
}
