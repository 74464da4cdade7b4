package dev.rung.server.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.server.faults.RecordingMerchant.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * Compares a server's records with what merchants received.
 *
 * @param notifications number of checked notifications
 * @param extras requests beyond the recorded attempts, each explained by an attempt marked {@code may_repeat}
 */
record DeliveryAudit(int notifications, int extras) {
    private static final int AT_ONCE = 4;

    /**
     * Waits until every promised notification is acknowledged and recorded, then checks each: it is delivered, no
     * request came after the recorded success, and every request without a record is explained by an attempt marked
     * {@code may_repeat}.
     */
    static DeliveryAudit of(OperatorClient operator, RecordingMerchant recorder, Collection<String> promised) {
        assertThat(promised).as("something was promised").isNotEmpty();
        await().pollInterval(Duration.ofMillis(250))
                .untilAsserted(() -> assertThat(promised.stream()
                                .filter(id -> !recorder.acknowledged(id))
                                .limit(5))
                        .as("promised and not delivered (of " + promised.size() + ")")
                        .isEmpty());
        return new DeliveryAudit(promised.size(), extras(operator, recorder, promised));
    }

    private static int extras(OperatorClient operator, RecordingMerchant recorder, Collection<String> promised) {
        try (ExecutorService few = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Integer>> each = new ArrayList<>();
            for (String id : promised) {
                each.add(few.submit(() -> extras(id, delivered(operator, id), recorder.of(id))));
            }
            int extras = 0;
            for (Future<Integer> one : each) {
                extras += one.get();
            }
            return extras;
        } catch (Exception e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /** The record is written shortly after the acknowledgement. */
    private static JsonNode delivered(OperatorClient operator, String id) {
        return await().pollDelay(Duration.ZERO)
                .until(
                        () -> operator.get("/v1/notifications/" + id)
                                .expect(200)
                                .json(),
                        n -> n.path("state").asString().equals("delivered"));
    }

    private static int extras(String id, JsonNode notification, List<Seen> requests) {
        String what = id + ": " + notification + "\nrequests: " + requests;
        List<JsonNode> attempts = StreamSupport.stream(
                        notification.path("attempts").spliterator(), false)
                .toList();
        int acknowledgedAt = attempts.stream()
                .filter(a -> a.path("outcome").asString().equals("acknowledged"))
                .mapToInt(a -> a.path("number").asInt())
                .min()
                .orElseThrow();
        assertThat(requests)
                .as("nothing after a recorded success; " + what)
                .allMatch(r -> r.attempt() <= acknowledgedAt);
        Map<Integer, List<JsonNode>> recorded = attempts.stream()
                .collect(Collectors.groupingBy(a -> a.path("number").asInt()));
        int extras = 0;
        for (var sameNumber :
                requests.stream().collect(Collectors.groupingBy(Seen::attempt)).entrySet()) {
            List<JsonNode> records = recorded.getOrDefault(sameNumber.getKey(), List.of());
            int beyond = sameNumber.getValue().size() - records.size();
            if (beyond > 0) {
                extras += beyond;
                assertThat(records)
                        .as("a request beyond the records is explained; " + what)
                        .anyMatch(a -> a.path("may_repeat").asBoolean());
            }
        }
        return extras;
    }
}
