package dev.rung.channel.stripe;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.stripe.net.Webhook;
import dev.rung.channel.gateway.FakeGateway;
import dev.rung.channel.gateway.FakeGateway.Asked;
import dev.rung.channel.gateway.FakeGateway.Said;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import java.net.URLDecoder;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Stripe on this machine, with sessions and refunds in memory; its webhooks are signed by Stripe's own SDK. */
final class FakeStripe implements AutoCloseable {
    static final String KEY = "sk_test_4eC39HqLyjWDarjtT1zdp7dc";
    static final String SECRET = "whsec_test_0123456789abcdef";

    final FakeGateway gateway = new FakeGateway();

    /** The fields of each session, by the payment. */
    private final Map<String, Map<String, String>> sessions = new ConcurrentHashMap<>();

    private final Map<String, String> states = new ConcurrentHashMap<>();
    private final Map<String, String> refunds = new ConcurrentHashMap<>();

    FakeStripe() {
        gateway.behave(this::answer);
    }

    Map<String, String> members() {
        return Map.of(
                "secret_key",
                KEY,
                "webhook_secret",
                SECRET,
                "gateway",
                gateway.url().toString());
    }

    void pay(String payment) {
        states.put(payment, "complete");
    }

    private Said answer(Asked request) {
        if (!("Bearer " + KEY).equals(request.headers().getFirst("Authorization"))) {
            return said(
                    401, "{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Invalid API Key provided\"}}");
        }
        String path = request.target().getPath();
        Map<String, String> fields = fields(new String(request.body(), UTF_8));
        if (path.equals("/v1/balance")) {
            return said(200, "{\"object\":\"balance\"}");
        }
        if (path.equals("/v1/payment_intents/search")) {
            String id = URLDecoder.decode(request.target().getRawQuery(), UTF_8).replaceFirst(".*(pay_\\w+).*", "$1");
            return said(200, "{\"data\":[" + ("complete".equals(states.get(id)) ? intent(id) : "") + "]}");
        }
        if (path.startsWith("/v1/refunds")) {
            return request.method().equals("POST")
                    ? refund(fields)
                    : said(200, "{\"data\":[" + String.join(",", refunds.values()) + "]}");
        }
        if (path.equals(StripeOrders.SESSIONS)) {
            String id = fields.get("client_reference_id");
            sessions.putIfAbsent(id, fields);
            states.putIfAbsent(id, "open");
            return said(200, session(id));
        }
        String id = path.replaceFirst(".*cs_test_(pay_\\w+?)(/expire)?$", "$1");
        if (!sessions.containsKey(id)) {
            return error(404, "resource_missing");
        }
        if (path.endsWith("/expire")) {
            if (!"open".equals(states.get(id))) {
                return error(400, "session_not_open");
            }
            states.put(id, "expired");
        }
        return said(200, session(id));
    }

    private Said refund(Map<String, String> fields) {
        String payment = fields.get("metadata[rung_payment]");
        String number = fields.get("metadata[rung_refund]");
        refunds.putIfAbsent(
                number,
                "{\"id\":\"re_1\",\"object\":\"refund\",\"status\":\"succeeded\",\"amount\":" + fields.get("amount")
                        + ",\"currency\":\"" + sessions.get(payment).get("line_items[0][price_data][currency]")
                        + "\",\"created\":1764500000,\"metadata\":{\"rung_payment\":\"" + payment
                        + "\",\"rung_refund\":\"" + number + "\"}}");
        return said(200, refunds.get(number));
    }

    /** A session as answers and webhooks have it. */
    String session(String id) {
        Map<String, String> fields = sessions.get(id);
        boolean paid = "complete".equals(states.get(id));
        return "{\"id\":\"cs_test_" + id + "\",\"object\":\"checkout.session\",\"client_reference_id\":\"" + id
                + "\",\"status\":\"" + states.get(id) + "\",\"payment_status\":\"" + (paid ? "paid" : "unpaid")
                + "\",\"amount_total\":" + fields.get("line_items[0][price_data][unit_amount]") + ",\"currency\":\""
                + fields.get("line_items[0][price_data][currency]") + "\",\"payment_intent\":"
                + (paid ? "\"pi_" + id + "\"" : "null")
                + ",\"url\":\"https://checkout.stripe.com/c/pay/cs_test_" + id + "#fid\"}";
    }

    private String intent(String id) {
        Map<String, String> fields = sessions.get(id);
        return "{\"id\":\"pi_" + id + "\",\"status\":\"succeeded\",\"amount_received\":"
                + fields.get("line_items[0][price_data][unit_amount]") + ",\"currency\":\""
                + fields.get("line_items[0][price_data][currency]") + "\",\"metadata\":{\"rung_payment\":\"" + id
                + "\"}}";
    }

    private static Said error(int status, String code) {
        return said(
                status, "{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"" + code + "\",\"message\":\"?\"}}");
    }

    static Said said(int status, String body) {
        return new Said(status, Map.of("content-type", "application/json"), body.getBytes(UTF_8));
    }

    static Map<String, String> fields(String form) {
        Map<String, String> fields = new HashMap<>();
        for (String field : form.split("&", -1)) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.put(
                        URLDecoder.decode(field.substring(0, equals), UTF_8),
                        URLDecoder.decode(field.substring(equals + 1), UTF_8));
            }
        }
        return fields;
    }

    static String event(String type, String object) {
        return "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"" + type + "\",\"data\":{\"object\":" + object + "}}";
    }

    /** A webhook as Stripe sends it. */
    static CallbackRequest webhook(String body, String secret, long at) {
        return new CallbackRequest(
                Map.of(StripeWebhook.HEADER, List.of(signature(body, secret, at))), null, body.getBytes(UTF_8));
    }

    static String signature(String body, String secret, long at) {
        try {
            return "t=" + at + ",v1=" + Webhook.Util.computeHmacSha256(secret, at + "." + body) + ",v0=abc";
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        gateway.close();
    }
}
