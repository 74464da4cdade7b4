package dev.rung.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * A client of the Rung API. Thread-safe; use one per process.
 *
 * <p>Every call throws {@link RungException} if the server responds with an error, and {@link UncheckedIOException} if there is no response. In the
 * latter case it is unknown whether a notification was accepted: submit it again with the same idempotency key.
 */
public final class RungClient {
    private static final String MERCHANTS = "/v1/merchants";
    private static final String NOTIFICATIONS = "/v1/notifications";
    private static final String PAYMENTS = "/v1/payments";
    private static final String DISCREPANCIES = "/v1/discrepancies";

    private static final TypeReference<Merchant> MERCHANT = new TypeReference<>() {};
    private static final TypeReference<Page<Merchant>> MERCHANT_PAGE = new TypeReference<>() {};
    private static final TypeReference<Notification> NOTIFICATION = new TypeReference<>() {};
    private static final TypeReference<Page<Notification>> NOTIFICATION_PAGE = new TypeReference<>() {};
    private static final TypeReference<Payment> PAYMENT = new TypeReference<>() {};
    private static final TypeReference<Page<Payment>> PAYMENT_PAGE = new TypeReference<>() {};
    private static final TypeReference<Page<TimelineLine>> TIMELINE = new TypeReference<>() {};
    private static final TypeReference<Discrepancy> DISCREPANCY = new TypeReference<>() {};
    private static final TypeReference<Page<Discrepancy>> DISCREPANCY_PAGE = new TypeReference<>() {};
    private static final TypeReference<ApiKey> API_KEY = new TypeReference<>() {};
    private static final TypeReference<Page<ApiKey>> API_KEY_PAGE = new TypeReference<>() {};
    private static final TypeReference<SavedLadder> LADDER = new TypeReference<>() {};
    private static final TypeReference<Page<SavedLadder>> LADDER_PAGE = new TypeReference<>() {};
    private static final TypeReference<BulkResend> BULK_RESEND = new TypeReference<>() {};
    private static final TypeReference<BatchResults> BATCH = new TypeReference<>() {};
    private static final TypeReference<Problem> PROBLEM = new TypeReference<>() {};

    private final String base;
    private final String key;
    private final HttpClient http;
    private final Duration timeout;

    /** Creates a client with timeouts of 10 s for connections and 30 s for responses. */
    public RungClient(URI server, String key) {
        this(
                server,
                key,
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build(),
                Duration.ofSeconds(30));
    }

    /**
     * Creates a client with a given HTTP client.
     *
     * @param server such as {@code http://127.0.0.1:8080}
     * @param timeout of each response
     */
    public RungClient(URI server, String key, HttpClient http, Duration timeout) {
        String text = server.toString();
        this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        this.key = key;
        this.http = http;
        this.timeout = timeout;
    }

    // Merchants

    /** Creates a merchant. Only this response contains the signing secret. */
    public Merchant createMerchant(MerchantFields merchant) {
        return call("POST", MERCHANTS, merchant, MERCHANT);
    }

    public Merchant merchant(String id) {
        return call("GET", MERCHANTS + "/" + encoded(id), null, MERCHANT);
    }

    /** A page of merchants, newest first; {@code Page.all(rung::merchants)} iterates over all. */
    public Page<Merchant> merchants(@Nullable String cursor) {
        return call("GET", MERCHANTS + query(parameters("cursor", cursor)), null, MERCHANT_PAGE);
    }

    /** Updates the fields that are not null. */
    public Merchant updateMerchant(String id, MerchantFields changes) {
        return call("PATCH", MERCHANTS + "/" + encoded(id), changes, MERCHANT);
    }

    /** Pauses the merchant: notifications are accepted and wait. */
    public Merchant pauseMerchant(String id) {
        return call("POST", MERCHANTS + "/" + encoded(id) + "/pause", null, MERCHANT);
    }

    public Merchant resumeMerchant(String id) {
        return call("POST", MERCHANTS + "/" + encoded(id) + "/resume", null, MERCHANT);
    }

    /** Sends a test notification. */
    public Notification testMerchant(String id) {
        return call("POST", MERCHANTS + "/" + encoded(id) + "/test", null, NOTIFICATION);
    }

    /** Rotates the signing key; only this response contains it. Both keys sign until the overlap ends. */
    public Merchant rotateSecret(String id, Duration overlap) {
        return call(
                "POST",
                MERCHANTS + "/" + encoded(id) + "/rotate-secret",
                Map.of("overlap", Durations.text(overlap)),
                MERCHANT);
    }

    /** Creates an API key for the merchant; only this response contains it. */
    public ApiKey createKey(String merchantId) {
        return call("POST", MERCHANTS + "/" + encoded(merchantId) + "/keys", null, API_KEY);
    }

    public List<ApiKey> keys(String merchantId) {
        return call("GET", MERCHANTS + "/" + encoded(merchantId) + "/keys", null, API_KEY_PAGE)
                .data();
    }

    public void deleteKey(String merchantId, String keyId) {
        exchange("DELETE", MERCHANTS + "/" + encoded(merchantId) + "/keys/" + encoded(keyId), null, null);
    }

    // Notifications

    /** Submits a notification. On return it is stored and will be delivered or end as exhausted. */
    public Accepted send(NewNotification notification) {
        HttpResponse<byte[]> response =
                exchange("POST", NOTIFICATIONS, Wire.notification(notification), notification.idempotencyKey());
        return new Accepted(Wire.read(response.body(), NOTIFICATION), response.statusCode() == 200);
    }

    /** Submits up to 1,000 notifications. Items are independent; results are in their order. */
    public List<BatchItem> sendAll(List<NewNotification> notifications) {
        HttpResponse<byte[]> response = exchange("POST", NOTIFICATIONS + "/batch", Wire.batch(notifications), null);
        return Wire.read(response.body(), BATCH).results();
    }

    private record BatchResults(List<BatchItem> results) {}

    public Notification notification(String id) {
        return call("GET", NOTIFICATIONS + "/" + encoded(id), null, NOTIFICATION);
    }

    /** The payload's bytes, as the merchant receives them. */
    public byte[] payload(String id) {
        return exchange("GET", NOTIFICATIONS + "/" + encoded(id) + "/payload", null, null)
                .body();
    }

    /** A page of notifications, newest first; {@code Page.all(c -> rung.notifications(filter, c))} iterates over all. */
    public Page<Notification> notifications(NotificationFilter filter, @Nullable String cursor) {
        Map<String, String> parameters = parameters("cursor", cursor);
        filterFields(filter).forEach((name, value) -> parameters.put(name, String.valueOf(value)));
        return call("GET", NOTIFICATIONS + query(parameters), null, NOTIFICATION_PAGE);
    }

    /** Resends a notification immediately: a delivered one gets one more attempt, any other restarts its ladder. */
    public Notification resend(String id) {
        return call("POST", NOTIFICATIONS + "/" + encoded(id) + "/resend", null, NOTIFICATION);
    }

    /** Cancels a waiting notification. */
    public Notification cancel(String id) {
        return call("POST", NOTIFICATIONS + "/" + encoded(id) + "/cancel", null, NOTIFICATION);
    }

    /**
     * Resends all matching notifications, at most 10,000 per call.
     *
     * @param dryRun whether to only count matches
     * @param cursor of the previous call; null to begin
     */
    public BulkResend resendAll(NotificationFilter filter, boolean dryRun, @Nullable String cursor) {
        Map<String, Object> fields = filterFields(filter);
        fields.put("dry_run", dryRun);
        if (cursor != null) {
            fields.put("cursor", cursor);
        }
        return call("POST", NOTIFICATIONS + "/resend", fields, BULK_RESEND);
    }

    private static Map<String, Object> filterFields(NotificationFilter filter) {
        Map<String, Object> fields = new LinkedHashMap<>();
        put(fields, "merchant_id", filter.merchantId());
        put(fields, "order_no", filter.orderNo());
        put(fields, "state", apiValue(filter.state()));
        put(fields, "event_type", filter.eventType());
        put(fields, "created_from", Wire.time(filter.createdFrom()));
        put(fields, "created_to", Wire.time(filter.createdTo()));
        return fields;
    }

    /** The API's value of a constant. */
    private static @Nullable String apiValue(@Nullable Enum<?> value) {
        return value == null ? null : Wire.JSON.convertValue(value, String.class);
    }

    private static void put(Map<String, ? super String> fields, String name, @Nullable String value) {
        if (value != null) {
            fields.put(name, value);
        }
    }

    // Payments

    /**
     * Creates a payment. Returns within about a second: {@code PAYING} with the {@code payUrl}, or {@code CREATED} if the channel has not confirmed
     * it yet. If there is no response, repeat the request: it returns the same payment.
     */
    public PaymentAnswer createPayment(NewPayment payment) {
        HttpResponse<byte[]> response = exchange("POST", PAYMENTS, Wire.JSON.writeValueAsString(payment), null);
        return new PaymentAnswer(Wire.read(response.body(), PAYMENT), response.statusCode() == 200);
    }

    public Payment payment(String id) {
        return call("GET", PAYMENTS + "/" + encoded(id), null, PAYMENT);
    }

    /** A page of payments, newest first; {@code Page.all(c -> rung.payments(filter, c))} iterates over all. */
    public Page<Payment> payments(PaymentFilter filter, @Nullable String cursor) {
        Map<String, String> parameters = parameters("cursor", cursor);
        put(parameters, "merchant_id", filter.merchantId());
        put(parameters, "out_trade_no", filter.outTradeNo());
        put(parameters, "channel", filter.channel());
        put(parameters, "state", apiValue(filter.state()));
        put(parameters, "paid_from", Wire.time(filter.paidFrom()));
        put(parameters, "paid_to", Wire.time(filter.paidTo()));
        return call("GET", PAYMENTS + query(parameters), null, PAYMENT_PAGE);
    }

    /** Queries the channel now; returns the payment after the query. */
    public Payment syncPayment(String id) {
        return call("POST", PAYMENTS + "/" + encoded(id) + "/sync", null, PAYMENT);
    }

    /** Closes a payment at the channel and in Rung; if the channel does not close it immediately, Rung retries. */
    public Payment closePayment(String id) {
        return call("POST", PAYMENTS + "/" + encoded(id) + "/close", null, PAYMENT);
    }

    /** The timeline of a payment, oldest first. */
    public List<TimelineLine> timeline(String id) {
        return call("GET", PAYMENTS + "/" + encoded(id) + "/timeline", null, TIMELINE)
                .data();
    }

    /**
     * A page of discrepancies, newest first.
     *
     * @param resolvedToo whether to include resolved ones
     */
    public Page<Discrepancy> discrepancies(boolean resolvedToo, @Nullable String cursor) {
        Map<String, String> parameters = parameters("cursor", cursor);
        parameters.put("state", resolvedToo ? "all" : "open");
        return call("GET", DISCREPANCIES + query(parameters), null, DISCREPANCY_PAGE);
    }

    /** Resolves a discrepancy with a note. */
    public Discrepancy resolveDiscrepancy(String id, String note) {
        return call("POST", DISCREPANCIES + "/" + encoded(id) + "/resolve", Map.of("note", note), DISCREPANCY);
    }

    // Ladders

    public List<SavedLadder> ladders() {
        return call("GET", "/v1/ladders", null, LADDER_PAGE).data();
    }

    /** Saves a ladder. Notifications that were already accepted keep their steps. */
    public SavedLadder putLadder(String name, List<Duration> steps) {
        List<String> texts = steps.stream().map(Durations::text).toList();
        return call("PUT", "/v1/ladders/" + encoded(name), Map.of("steps", texts), LADDER);
    }

    // Catch-up

    /**
     * A merchant's notifications, oldest first, to catch up after an outage. No item appears before one that was already listed. Each item has its
     * cursor; an empty page means that there is nothing new.
     *
     * @param after the cursor of the last item seen; null to begin
     */
    public Page<Notification> events(String merchantId, @Nullable String after, int limit) {
        Map<String, String> parameters = parameters("after", after);
        parameters.put("merchant_id", merchantId);
        parameters.put("limit", Integer.toString(limit));
        return call("GET", "/v1/events" + query(parameters), null, NOTIFICATION_PAGE);
    }

    /**
     * Streams state changes, best effort, until the connection ends or the listener throws. Blocks.
     *
     * @param merchantId to restrict the stream to; null for all that the key can see
     */
    public void stream(@Nullable String merchantId, Consumer<StreamEvent> listener) {
        HttpRequest request = request("/v1/stream" + query(parameters("merchant_id", merchantId)))
                .setHeader("Accept", "text/event-stream")
                .GET()
                .build();
        HttpResponse<Stream<String>> response = http(() -> http.send(request, BodyHandlers.ofLines()));
        try (Stream<String> lines = response.body()) {
            if (response.statusCode() != 200) {
                String body = String.join("\n", lines.toList());
                throw failure(response, body.getBytes(StandardCharsets.UTF_8));
            }
            EventLines events = new EventLines(listener);
            lines.forEach(events::accept);
        }
    }

    // HTTP

    private <T> T call(String method, String path, @Nullable Object body, TypeReference<T> type) {
        String json = body == null ? null : Wire.JSON.writeValueAsString(body);
        return Wire.read(exchange(method, path, json, null).body(), type);
    }

    private HttpResponse<byte[]> exchange(
            String method, String path, @Nullable String json, @Nullable String idempotencyKey) {
        HttpRequest.Builder request = request(path);
        if (idempotencyKey != null) {
            request.setHeader("Idempotency-Key", idempotencyKey);
        }
        if (json == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.setHeader("Content-Type", "application/json").method(method, BodyPublishers.ofString(json));
        }
        HttpRequest built = request.build();
        HttpResponse<byte[]> response = http(() -> http.send(built, BodyHandlers.ofByteArray()));
        if (response.statusCode() < 200 || response.statusCode() > 299) {
            throw failure(response, response.body());
        }
        return response;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(timeout)
                .setHeader("Authorization", "Bearer " + key)
                .setHeader("Accept", "application/json");
    }

    private interface Send<T> {
        HttpResponse<T> send() throws IOException, InterruptedException;
    }

    private static <T> HttpResponse<T> http(Send<T> send) {
        try {
            return send.send();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting for Rung");
            interrupted.initCause(e);
            throw new UncheckedIOException(interrupted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RungException failure(HttpResponse<?> response, byte[] body) {
        Duration retryAfter = response.headers()
                .firstValue("Retry-After")
                .filter(v -> v.matches("\\d{1,9}"))
                .map(v -> Duration.ofSeconds(Long.parseLong(v)))
                .orElse(null);
        try {
            Problem problem = Wire.read(body, PROBLEM);
            return new RungException(
                    new Problem(
                            problem.type(), problem.title(), response.statusCode(), problem.detail(), problem.errors()),
                    retryAfter);
        } catch (JacksonException e) {
            // The response came from something else, such as a proxy.
            return new RungException(new Problem(null, null, response.statusCode(), null, List.of()), retryAfter);
        }
    }

    private static Map<String, String> parameters(String name, @Nullable String value) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (value != null) {
            parameters.put(name, value);
        }
        return parameters;
    }

    private static String query(Map<String, String> parameters) {
        StringBuilder query = new StringBuilder();
        parameters.forEach((name, value) -> query.append(query.isEmpty() ? '?' : '&')
                .append(name)
                .append('=')
                .append(encoded(value)));
        return query.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return "RungClient[" + base + "]";
    }
}
