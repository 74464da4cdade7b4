package dev.rung.client;

import dev.rung.client.JsonReader.JsonException;
import dev.rung.client.Transport.Request;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Submits notifications. Each is checked first, so that a malformed one neither changes the request nor makes the server refuse the others. */
final class Intake {
    private static final String NOTIFICATIONS = "/v1/notifications";
    private static final int ITEMS_MAX = 1_000;
    private static final int PAYLOAD_BYTES_MAX = 256 * 1024;
    private static final int KEY_LENGTH_MAX = 255;

    /** The server takes 8 MiB; the rest is room for the brackets. */
    private static final int BATCH_BYTES_MAX = 8 * 1024 * 1024 - 1024;

    /** The server counts the levels of the request: 100, of which a batch has three. */
    private static final int NESTING_MAX = 97;

    private final Transport transport;

    Intake(Transport transport) {
        this.transport = transport;
    }

    Accepted send(NewNotification notification) {
        Optional<Problem> problem = check(notification, "");
        if (problem.isPresent()) {
            throw new RungException(problem.get(), null);
        }
        NewNotification keyed = keyed(notification);
        String key = keyed.idempotencyKey();
        if (key != null && !fitsInHeader(key)) {
            return sendInBatch(keyed);
        }
        HttpResponse<byte[]> response =
                transport.successful(new Request("POST", NOTIFICATIONS, json(keyed, false), key, key != null));
        return new Accepted(Notification.read(JsonObject.read(response.body())), response.statusCode() == 200);
    }

    /** The JDK's client writes headers in ASCII, and HTTP strips spaces around them. As a member of an item, any key is written as it is. */
    private static boolean fitsInHeader(String key) {
        return key.matches("[!-~]([ -~]*[!-~])?");
    }

    private Accepted sendInBatch(NewNotification notification) {
        BatchItem item = post(List.of(new Checked(0, json(notification, true)))).get(0);
        if (item.notification() == null) {
            throw new RungException(
                    item.error() == null
                            ? new Problem(null, null, item.status(), null, List.of())
                            : item.error().renamed("notifications[0].", ""),
                    null);
        }
        return new Accepted(item.notification(), item.status() == 200);
    }

    /** An item that may be sent. */
    private record Checked(int index, String json) {
        int bytes() {
            return json.getBytes(StandardCharsets.UTF_8).length + 1;
        }
    }

    List<BatchItem> sendAll(List<NewNotification> notifications) {
        @Nullable BatchItem[] results = new BatchItem[notifications.size()];
        List<Checked> next = new ArrayList<>();
        int bytes = 0;
        for (int i = 0; i < results.length; i++) {
            Optional<Problem> problem = check(notifications.get(i), "notifications[" + i + "].");
            if (problem.isPresent()) {
                results[i] = new BatchItem(422, null, problem.get());
                continue;
            }
            Checked item = new Checked(i, json(keyed(notifications.get(i)), true));
            if (next.size() == ITEMS_MAX || bytes + item.bytes() > BATCH_BYTES_MAX) {
                submit(next, results);
                next.clear();
                bytes = 0;
            }
            next.add(item);
            bytes += item.bytes();
        }
        submit(next, results);
        return Arrays.stream(results).map(Intake::present).toList();
    }

    private static BatchItem present(@Nullable BatchItem item) {
        if (item == null) {
            throw new MalformedResponseException("the response lacks the result of an item");
        }
        return item;
    }

    /** If the server refuses the request as a whole, halves it until the item that it refuses stands alone. */
    private void submit(List<Checked> items, @Nullable BatchItem[] results) {
        if (items.isEmpty()) {
            return;
        }
        try {
            List<BatchItem> answered = post(items);
            for (int i = 0; i < items.size() && i < answered.size(); i++) {
                results[items.get(i).index()] = answered.get(i);
            }
        } catch (RungException e) {
            if (e.status() != 400 && e.status() != 413) {
                throw e;
            }
            if (items.size() == 1) {
                results[items.get(0).index()] = new BatchItem(e.status(), null, e.problem());
            } else {
                submit(items.subList(0, items.size() / 2), results);
                submit(items.subList(items.size() / 2, items.size()), results);
            }
        }
    }

    private List<BatchItem> post(List<Checked> items) {
        String json = "{\"notifications\":["
                + String.join(",", items.stream().map(Checked::json).toList()) + "]}";
        boolean repeatable = transport.retries().roundsMax() > 1;
        HttpResponse<byte[]> response =
                transport.successful(new Request("POST", NOTIFICATIONS + "/batch", json, null, repeatable));
        List<BatchItem> results = JsonObject.read(response.body()).objects("results", BatchItem::read);
        List<BatchItem> renamed = new ArrayList<>();
        for (int i = 0; i < results.size() && i < items.size(); i++) {
            renamed.add(results.get(i)
                    .renamed(
                            "notifications[" + i + "]",
                            "notifications[" + items.get(i).index() + "]"));
        }
        return renamed;
    }

    /** With a key, so that a repetition after a lost response is recognized. */
    private NewNotification keyed(NewNotification notification) {
        return notification.idempotencyKey() != null || transport.retries().roundsMax() == 1
                ? notification
                : notification.withIdempotencyKey(UUID.randomUUID().toString());
    }

    private static String json(NewNotification n, boolean inBatch) {
        return JsonWriter.object()
                .put("merchant_id", n.merchantId())
                .put("order_no", n.orderNo())
                .put("event_type", n.eventType())
                .putJson("payload", n.payload())
                .put("url", n.url())
                .put("ladder", n.ladder())
                .put("deliver_at", n.deliverAt())
                .put("ordered", n.ordered() ? true : null)
                .put("idempotency_key", inBatch ? n.idempotencyKey() : null)
                .text();
    }

    static Optional<Problem> check(NewNotification n, String prefix) {
        try {
            JsonReader.read(n.payload(), NESTING_MAX);
        } catch (JsonException e) {
            return Optional.of(Problem.invalid(prefix + "payload", "not_json", "is not JSON: " + e.getMessage()));
        }
        if (n.payload().getBytes(StandardCharsets.UTF_8).length > PAYLOAD_BYTES_MAX) {
            return Optional.of(
                    Problem.invalid(prefix + "payload", "too_long", "has more than " + PAYLOAD_BYTES_MAX + " bytes"));
        }
        String key = n.idempotencyKey();
        if (key == null) {
            return Optional.empty();
        }
        if (key.isEmpty() || key.length() > KEY_LENGTH_MAX) {
            return Optional.of(Problem.invalid(
                    prefix + "idempotency_key", "too_long", "does not have 1 to " + KEY_LENGTH_MAX + " characters"));
        }
        if (key.chars().anyMatch(Character::isISOControl)
                || !StandardCharsets.UTF_8.newEncoder().canEncode(key)) {
            return Optional.of(Problem.invalid(
                    prefix + "idempotency_key",
                    "invalid_character",
                    "has a control character or half a surrogate pair"));
        }
        return Optional.empty();
    }
}
