package dev.rung.channel.stripe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.GatewayClient.Reply;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.TextLimits;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Calls Stripe's API. Stripe does not sign its responses; TLS authenticates it. Thread-safe. */
record StripeGateway(StripeAccount account, GatewayClient client) {
    /** The version whose objects are read here. */
    private static final String VERSION = "2024-06-20";

    private static final int NOT_FOUND = 404;

    /** A response. */
    sealed interface Response {
        /** The part that is kept in the timeline; null if there was no response. */
        @Nullable String text();

        /** An object. */
        record Found(JsonObject object, String text) implements Response {}

        /** Stripe has no such object. */
        record Missing(String reason, String text) implements Response {}

        /** Stripe refuses the request, and would refuse it again. */
        record Refused(String reason, String text) implements Response {}

        /** No response, or one that says nothing about the object. */
        record Unclear(String reason, @Nullable String text) implements Response {}
    }

    Response get(String path, Deadline deadline) {
        return send(request(path).GET(), deadline);
    }

    /**
     * A request that Stripe answers alike when it is repeated with the same key.
     *
     * @param fields in the form of Stripe's documentation: {@code line_items[0][quantity]}
     */
    Response post(String path, Map<String, String> fields, @Nullable String idempotencyKey, Deadline deadline) {
        HttpRequest.Builder request = request(path)
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(fields)));
        if (idempotencyKey != null) {
            request.header("idempotency-key", idempotencyKey);
        }
        return send(request, deadline);
    }

    static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(f -> URLEncoder.encode(f.getKey(), UTF_8) + "=" + URLEncoder.encode(f.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(account.gateway() + path))
                .header("authorization", "Bearer " + account.secretKey())
                .header("stripe-version", VERSION);
    }

    private Response send(HttpRequest.Builder request, Deadline deadline) {
        return switch (client.send(request.build(), deadline)) {
            case Reply.None(String reason) -> new Response.Unclear(reason, null);
            case Reply.Answer answer -> read(answer.status(), answer.body());
        };
    }

    private static Response read(int status, byte[] body) {
        String text = TextLimits.answer(body);
        JsonObject object;
        try {
            object = JsonObject.parse(body);
        } catch (IllegalArgumentException e) {
            return new Response.Unclear("Stripe's response (" + status + ") is " + e.getMessage(), text);
        }
        if (status == 200) {
            return new Response.Found(object, text);
        }
        String fault = fault(status, object);
        return switch (status) {
            case NOT_FOUND -> new Response.Missing(fault, text);
            case 400, 402 -> isRefusal(object) ? new Response.Refused(fault, text) : new Response.Unclear(fault, text);
            // The key, a conflict of idempotency, or too many requests: not about the object.
            default -> new Response.Unclear(fault, text);
        };
    }

    private static boolean isRefusal(JsonObject object) {
        JsonObject error = object.object("error");
        String type = error == null ? null : error.text("type");
        return "invalid_request_error".equals(type) || "card_error".equals(type);
    }

    private static String fault(int status, JsonObject object) {
        JsonObject error = object.object("error");
        String code = error == null ? null : error.text("code");
        String message = error == null ? null : error.text("message");
        return status
                + (code == null ? "" : " " + code)
                + (message == null ? "" : ": " + TextLimits.truncate(message, 200));
    }
}
