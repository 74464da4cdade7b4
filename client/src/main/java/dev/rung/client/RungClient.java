package dev.rung.client;

import static dev.rung.client.Query.encoded;

import dev.rung.client.Transport.Request;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client of the Rung API. Thread-safe; use one per process.
 *
 * <p>Every call throws {@link RungException} if the server responds with an error, and {@link UncheckedIOException} if there is no response. In the
 * latter case it is unknown whether a notification was accepted: submit it again with the same idempotency key. Requests are repeated, at the next
 * server if there are several, as {@link Retries} describes.
 */
public final class RungClient {
    private static final String MERCHANTS = "/v1/merchants";
    private static final String NOTIFICATIONS = "/v1/notifications";
    private static final String PAYMENTS = "/v1/payments";
    private static final String REFUNDS = "/v1/refunds";
    private static final String DISCREPANCIES = "/v1/discrepancies";

    private final Transport transport;
    private final Intake intake;

    /** Creates a client of one server, with the defaults of {@link #builder}. */
    public RungClient(URI server, String key) {
        this(builder().server(server).key(key), Transport.Clock.SYSTEM);
    }

    RungClient(Builder builder, Transport.Clock clock) {
        if (builder.servers.isEmpty()) {
            throw new IllegalArgumentException("at least one server is required, such as http://127.0.0.1:8080");
        }
        HttpClient http = builder.http != null
                ? builder.http
                : HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(10))
                        .build();
        this.transport = new Transport(
                builder.servers, builder.key, builder.userAgent, http, builder.timeout, builder.retries, clock);
        this.intake = new Intake(transport);
    }

    /** A client with timeouts of 10 s for connections and 30 s for responses, and {@link Retries#DEFAULT}, unless changed. */
    public static Builder builder() {
        return new Builder();
    }

    /** Settings of a client. */
    public static final class Builder {
        private final List<URI> servers = new ArrayList<>();
        private @Nullable String key;
        private @Nullable String userAgent;
        private @Nullable HttpClient http;
        private Duration timeout = Duration.ofSeconds(30);
        private Retries retries = Retries.DEFAULT;

        private Builder() {}

        /** Adds a server, such as {@code http://127.0.0.1:8080}. The next one is asked when one does not answer or is not ready. */
        public Builder server(URI value) {
            if (value.getHost() == null || !List.of("http", "https").contains(value.getScheme())) {
                throw new IllegalArgumentException("a server's address is http:// or https:// and a host: " + value);
            }
            servers.add(value);
            return this;
        }

        public Builder servers(List<URI> values) {
            values.forEach(this::server);
            return this;
        }

        /**
         * The API key; white space around it is ignored.
         *
         * @throws IllegalArgumentException if it cannot be a key; the message does not contain it
         */
        public Builder key(String value) {
            String stripped = value.strip();
            if (!stripped.matches("[!-~]+")) {
                throw new IllegalArgumentException("the API key is not one word of printable ASCII characters");
            }
            this.key = stripped;
            return this;
        }

        /** The application, for the server's logs. */
        public Builder userAgent(String value) {
            this.userAgent = value;
            return this;
        }

        /** The HTTP client, for example with a proxy or a private CA. */
        public Builder httpClient(HttpClient value) {
            this.http = value;
            return this;
        }

        /** The time for each response. */
        public Builder timeout(Duration value) {
            this.timeout = value;
            return this;
        }

        public Builder retries(Retries value) {
            this.retries = value;
            return this;
        }

        public RungClient build() {
            return new RungClient(this, Transport.Clock.SYSTEM);
        }
    }

    // Merchants

    /** Creates a merchant. Only this response contains the signing secret. */
    public Merchant createMerchant(MerchantFields merchant) {
        return once("POST", MERCHANTS, merchant.json(), Merchant::read);
    }

    public Merchant merchant(String id) {
        return get(MERCHANTS + "/" + encoded(id), Merchant::read);
    }

    /** A page of merchants, newest first; {@code Page.all(rung::merchants)} iterates over all. */
    public Page<Merchant> merchants(@Nullable String cursor) {
        return get(MERCHANTS + new Query().put("cursor", cursor), page(Merchant::read));
    }

    /** Updates the fields that are set. */
    public Merchant updateMerchant(String id, MerchantFields changes) {
        return change("PATCH", MERCHANTS + "/" + encoded(id), changes.json(), Merchant::read);
    }

    /** Pauses the merchant: notifications are accepted and wait. */
    public Merchant pauseMerchant(String id) {
        return change("POST", MERCHANTS + "/" + encoded(id) + "/pause", null, Merchant::read);
    }

    public Merchant resumeMerchant(String id) {
        return change("POST", MERCHANTS + "/" + encoded(id) + "/resume", null, Merchant::read);
    }

    /**
     * Deletes the merchant. Fails with 409 while a payment or refund is open.
     *
     * @param cancelWaiting whether to cancel waiting notifications; otherwise they cause a 409, too
     */
    public void deleteMerchant(String id, boolean cancelWaiting) {
        delete(MERCHANTS + "/" + encoded(id) + (cancelWaiting ? "?cancel_waiting=true" : ""));
    }

    /** Sends a test notification. */
    public Notification testMerchant(String id) {
        return once("POST", MERCHANTS + "/" + encoded(id) + "/test", null, Notification::read);
    }

    /** Rotates the signing key; only this response contains it. Both keys sign until the overlap ends. */
    public Merchant rotateSecret(String id, Duration overlap) {
        String json = JsonWriter.object().put("overlap", overlap).text();
        return once("POST", MERCHANTS + "/" + encoded(id) + "/rotate-secret", json, Merchant::read);
    }

    /** Creates an API key for the merchant; only this response contains it. */
    public ApiKey createKey(String merchantId, MerchantRole role) {
        String json = JsonWriter.object().put("role", role).text();
        return once("POST", MERCHANTS + "/" + encoded(merchantId) + "/keys", json, ApiKey::read);
    }

    public List<ApiKey> keys(String merchantId) {
        return get(MERCHANTS + "/" + encoded(merchantId) + "/keys", page(ApiKey::read))
                .data();
    }

    public void deleteKey(String merchantId, String keyId) {
        delete(MERCHANTS + "/" + encoded(merchantId) + "/keys/" + encoded(keyId));
    }

    /**
     * Creates a link that signs in to the console as this merchant; it works once.
     *
     * @param expiresIn 1 s to 24 h
     */
    public String portalLink(String merchantId, MerchantRole role, Duration expiresIn) {
        String json = JsonWriter.object()
                .put("role", role)
                .put("expires_in", expiresIn)
                .text();
        return once("POST", MERCHANTS + "/" + encoded(merchantId) + "/portal-link", json, answer -> answer.text("url"));
    }

    /** The endpoints of a merchant: its further receivers. */
    public Endpoints endpoints(String merchantId) {
        return new Endpoints(this, MERCHANTS + "/" + encoded(merchantId) + "/endpoints");
    }

    public Channels channels() {
        return new Channels(this);
    }

    // Notifications

    /**
     * Submits a notification. On return it is stored and will be delivered or end as exhausted.
     *
     * @throws RungException 422 also if the payload is not JSON or the idempotency key is invalid, without a request
     */
    public Accepted send(NewNotification notification) {
        return intake.send(notification);
    }

    /**
     * Submits notifications, in requests of at most 1,000 and 8 MiB. Items are independent, whatever is wrong with one of them; results are in their
     * order. If this throws, some may have been accepted: submit all again with the same idempotency keys.
     */
    public List<BatchItem> sendAll(List<NewNotification> notifications) {
        return intake.sendAll(notifications);
    }

    public Notification notification(String id) {
        return get(NOTIFICATIONS + "/" + encoded(id), Notification::read);
    }

    /** The payload's bytes, as the merchant receives them. */
    public byte[] payload(String id) {
        Request request = Request.get(NOTIFICATIONS + "/" + encoded(id) + "/payload");
        return transport.successful(request).body();
    }

    /** A page of notifications, newest first; {@code Page.all(c -> rung.notifications(filter, c))} iterates over all. */
    public Page<Notification> notifications(NotificationFilter filter, @Nullable String cursor) {
        Query query = new Query().put("cursor", cursor);
        filter.forEach(query::put);
        return get(NOTIFICATIONS + query, page(Notification::read));
    }

    /** Resends a notification immediately: a delivered one gets one more attempt, any other restarts its ladder. */
    public Notification resend(String id) {
        return once("POST", NOTIFICATIONS + "/" + encoded(id) + "/resend", null, Notification::read);
    }

    /** As {@link #resend(String)}, to another URL. */
    public Notification resend(String id, String url) {
        return once(
                "POST",
                NOTIFICATIONS + "/" + encoded(id) + "/resend",
                JsonWriter.object().put("url", url).text(),
                Notification::read);
    }

    /** Cancels a waiting notification. */
    public Notification cancel(String id) {
        return once("POST", NOTIFICATIONS + "/" + encoded(id) + "/cancel", null, Notification::read);
    }

    /**
     * Resends all matching notifications, at most 10,000 per call.
     *
     * @param dryRun whether to only count matches
     * @param cursor of the previous call; null to begin
     */
    public BulkResult resendAll(NotificationFilter filter, boolean dryRun, @Nullable String cursor) {
        JsonWriter json = JsonWriter.object();
        filter.forEach(json::put);
        json.put("dry_run", dryRun).put("cursor", cursor);
        return once("POST", NOTIFICATIONS + "/resend", json.text(), answer -> BulkResult.read(answer, "resent"));
    }

    // Payments

    /**
     * Creates a payment. Returns within about a second: {@code PAYING} with the {@code payUrl}, or {@code CREATED} if the channel has not confirmed
     * it yet. If there is no response, repeat the request: it returns the same payment.
     */
    public PaymentAnswer createPayment(NewPayment payment) {
        HttpResponse<byte[]> response = transport.successful(new Request("POST", PAYMENTS, payment.json(), null, true));
        return new PaymentAnswer(Payment.read(JsonObject.read(response.body())), response.statusCode() == 200);
    }

    public Payment payment(String id) {
        return get(PAYMENTS + "/" + encoded(id), Payment::read);
    }

    /** A page of payments, newest first; {@code Page.all(c -> rung.payments(filter, c))} iterates over all. */
    public Page<Payment> payments(PaymentFilter filter, @Nullable String cursor) {
        Query query = new Query().put("cursor", cursor);
        filter.forEach(query::put);
        return get(PAYMENTS + query, page(Payment::read));
    }

    /** Queries the channel now; returns the payment after the query. */
    public Payment syncPayment(String id) {
        return change("POST", PAYMENTS + "/" + encoded(id) + "/sync", null, Payment::read);
    }

    /** Closes a payment at the channel and in Rung; if the channel does not close it immediately, Rung retries. */
    public Payment closePayment(String id) {
        return once("POST", PAYMENTS + "/" + encoded(id) + "/close", null, Payment::read);
    }

    /** The timeline of a payment, oldest first. */
    public List<TimelineLine> timeline(String id) {
        return get(PAYMENTS + "/" + encoded(id) + "/timeline", page(TimelineLine::read))
                .data();
    }

    /**
     * Refunds a payment, in whole or in part. Returns at once; the channel says later how it ended. If there is no response, repeat the request: it
     * returns the same refund.
     */
    public RefundAnswer createRefund(String paymentId, NewRefund refund) {
        HttpResponse<byte[]> response = transport.successful(
                new Request("POST", PAYMENTS + "/" + encoded(paymentId) + "/refunds", refund.json(), null, true));
        return new RefundAnswer(Refund.read(JsonObject.read(response.body())), response.statusCode() == 200);
    }

    public Refund refund(String id) {
        return get(REFUNDS + "/" + encoded(id), Refund::read);
    }

    /** A page of a payment's refunds, newest first. */
    public Page<Refund> refunds(String paymentId, @Nullable String cursor) {
        return get(
                PAYMENTS + "/" + encoded(paymentId) + "/refunds" + new Query().put("cursor", cursor),
                page(Refund::read));
    }

    /** Queries the channel now; returns the refund after the query. */
    public Refund syncRefund(String id) {
        return change("POST", REFUNDS + "/" + encoded(id) + "/sync", null, Refund::read);
    }

    /**
     * A page of discrepancies, newest first.
     *
     * @param resolvedToo whether to include resolved ones
     */
    public Page<Discrepancy> discrepancies(boolean resolvedToo, @Nullable String cursor) {
        Query query = new Query().put("cursor", cursor).put("state", resolvedToo ? "all" : "open");
        return get(DISCREPANCIES + query, page(Discrepancy::read));
    }

    public Discrepancy discrepancy(String id) {
        return get(DISCREPANCIES + "/" + encoded(id), Discrepancy::read);
    }

    /** Resolves a discrepancy with a note. */
    public Discrepancy resolveDiscrepancy(String id, String note) {
        String json = JsonWriter.object().put("note", note).text();
        return once("POST", DISCREPANCIES + "/" + encoded(id) + "/resolve", json, Discrepancy::read);
    }

    /** Settles discrepancies, and approves what another key or person asked for. */
    public Approvals approvals() {
        return new Approvals(this);
    }

    /**
     * A page of callbacks whose verification failed, newest first.
     *
     * @param withBodies whether to include headers and bodies
     */
    public Page<UnverifiedCallback> unverifiedCallbacks(String channel, boolean withBodies, @Nullable String cursor) {
        Query query = new Query()
                .put("channel", channel)
                .put("include", withBodies ? "body" : null)
                .put("cursor", cursor);
        return get("/v1/callbacks" + query, page(UnverifiedCallback::read));
    }

    // Ladders

    public List<SavedLadder> ladders() {
        return get("/v1/ladders", page(SavedLadder::read)).data();
    }

    /** Saves a ladder. Notifications that were already accepted keep their steps. */
    public SavedLadder putLadder(String name, List<Duration> steps) {
        String json = JsonWriter.object().put("steps", steps).text();
        return change("PUT", "/v1/ladders/" + encoded(name), json, SavedLadder::read);
    }

    // Catch-up

    /**
     * A merchant's notifications, oldest first, to catch up after an outage. No item appears before one that was already listed. Each item has its
     * cursor; an empty page means that there is nothing new.
     *
     * @param after the cursor of the last item seen; null to begin
     */
    public Page<Notification> events(String merchantId, @Nullable String after, int limit) {
        Query query =
                new Query().put("after", after).put("merchant_id", merchantId).put("limit", limit);
        return get("/v1/events" + query, page(Notification::read));
    }

    /**
     * Streams state changes, best effort, until the connection ends or the listener throws. Blocks.
     *
     * @param merchantId to restrict the stream to; null for all that the key can see
     */
    public void stream(@Nullable String merchantId, Consumer<StreamEvent> listener) {
        stream(merchantId, () -> {}, listener);
    }

    /**
     * As {@link #stream(String, Consumer)}.
     *
     * @param opened is called when the stream begins: what happens from then on is not missed
     */
    public void stream(@Nullable String merchantId, Runnable opened, Consumer<StreamEvent> listener) {
        HttpResponse<Stream<String>> response = transport.open(
                Request.get("/v1/stream" + new Query().put("merchant_id", merchantId)), BodyHandlers.ofLines());
        try (Stream<String> lines = response.body()) {
            if (response.statusCode() != 200) {
                String body = String.join("\n", lines.toList());
                throw transport.failure(response, body.getBytes(StandardCharsets.UTF_8));
            }
            opened.run();
            EventLines events = new EventLines(listener);
            lines.forEach(events::accept);
        }
    }

    // Servers

    /** Whether a server takes requests. Each is asked once, until one does. */
    public Readiness readiness() {
        return Readiness.read(JsonObject.read(transport
                .open(Request.get("/ready"), BodyHandlers.ofByteArray())
                .body()));
    }

    /** Keys, audit, bills, rejected submissions and bulk changes. */
    public Operations operations() {
        return new Operations(this);
    }

    /** A response, successful or not. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Response(int status, byte[] body) {}

    /**
     * Sends a request for which there is no method here, with the key, and with retries if it is a {@code GET}.
     *
     * @param path with its query, encoded: {@code /v1/…}
     * @param json the body; null for none
     */
    public Response exchange(String method, String path, @Nullable String json) {
        HttpResponse<byte[]> response = transport.exchange(new Request(method, path, json, null, method.equals("GET")));
        return new Response(response.statusCode(), response.body());
    }

    <T> T get(String path, Function<JsonObject, T> read) {
        return read(Request.get(path), read);
    }

    /** A change that has the same result if it is made twice. */
    <T> T change(String method, String path, @Nullable String json, Function<JsonObject, T> read) {
        return read(new Request(method, path, json, null, true), read);
    }

    /** A change that must not be made twice. */
    <T> T once(String method, String path, @Nullable String json, Function<JsonObject, T> read) {
        return read(new Request(method, path, json, null, false), read);
    }

    private <T> T read(Request request, Function<JsonObject, T> read) {
        return read.apply(JsonObject.read(transport.successful(request).body()));
    }

    void delete(String path) {
        transport.successful(new Request("DELETE", path, null, null, false));
    }

    private static <T> Function<JsonObject, Page<T>> page(Function<JsonObject, T> read) {
        return json -> json.page(read);
    }

    @Override
    public String toString() {
        return "RungClient" + transport.servers();
    }
}
