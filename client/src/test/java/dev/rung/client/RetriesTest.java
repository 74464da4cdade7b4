package dev.rung.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which requests are repeated, where, and after which wait. */
class RetriesTest {
    private static final String LADDERS = "{\"data\":[],\"next_cursor\":null}";
    private static final NewNotification WISH = NewNotification.to("mch_1", "1");

    private final StubServer first = new StubServer();
    private final StubServer second = new StubServer();
    private final List<Duration> waits = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    private RungClient client(Retries retries, URI... servers) {
        InstantSource time = () -> now;
        Transport.Clock clock = new Transport.Clock(
                time,
                d -> {
                    waits.add(d);
                    now = now.plus(d);
                },
                () -> 1.0);
        return new RungClient(
                RungClient.builder().servers(List.of(servers)).key("key-1").retries(retries), clock);
    }

    private RungClient client(URI... servers) {
        return client(Retries.DEFAULT, servers);
    }

    @Test
    void theWaitDoublesUntilTheServerAnswers() {
        for (int i = 0; i < 3; i++) {
            first.will(503, "");
        }
        first.will(200, LADDERS);
        client(first.uri()).ladders();
        assertThat(waits).containsExactly(Duration.ofMillis(200), Duration.ofMillis(400), Duration.ofMillis(800));
    }

    @Test
    void afterTheLastRoundTheCallFails() {
        for (int i = 0; i < 4; i++) {
            first.will(503, "{\"title\":\"Unavailable\",\"status\":503,\"detail\":\"no\"}");
        }
        assertThatThrownBy(() -> client(first.uri()).ladders()).hasMessage("503 Unavailable: no");
        assertThat(first.requests()).hasSize(4);
    }

    @Test
    void theWaitIsNotShorterThanRetryAfterSaysInSecondsOrAsADate() {
        first.will(429, "", Map.of("Retry-After", "7"));
        first.will(503, "", Map.of("Retry-After", "Mon, 23 Nov 2026 10:00:12 GMT"));
        first.will(202, StubServer.NOTIFICATION);
        client(first.uri()).send(WISH);
        assertThat(waits).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(5));
    }

    @Test
    void aLongerRetryAfterIsForTheCaller() {
        first.will(429, "", Map.of("Retry-After", "60"));
        RungException busy = catchThrowableOfType(
                RungException.class, () -> client(first.uri()).send(WISH));
        assertThat(busy.retryAfter()).contains(Duration.ofSeconds(60));
        assertThat(waits).isEmpty();
        assertThat(first.requests()).hasSize(1);
    }

    @Test
    void noRoundBeginsAfterTheTotalTime() {
        Retries brief = new Retries(10, Duration.ofSeconds(4), Duration.ofSeconds(4), Duration.ofSeconds(9));
        for (int i = 0; i < 3; i++) {
            first.will(503, "");
        }
        assertThatThrownBy(() -> client(brief, first.uri()).ladders()).isInstanceOf(RungException.class);
        assertThat(waits).hasSize(2);
    }

    @Test
    void theNextServerIsAskedAtOnceAndKept() {
        RungClient rung = client(first.uri(), second.uri());
        first.close();
        second.will(202, StubServer.NOTIFICATION);
        second.will(200, LADDERS);
        rung.send(WISH);
        rung.ladders();
        assertThat(second.requests()).hasSize(2);
        assertThat(waits).isEmpty();
    }

    @Test
    void aServerThatIsNotReadyIsPassedOver() {
        first.will(503, "", Map.of("Retry-After", "2"));
        second.will(202, StubServer.NOTIFICATION);
        client(first.uri(), second.uri()).send(WISH);
        assertThat(waits).isEmpty();
    }

    @Test
    void whenAllSaySoTheShortestRetryAfterCounts() {
        first.will(503, "", Map.of("Retry-After", "8"));
        second.will(503, "", Map.of("Retry-After", "3"));
        first.will(202, StubServer.NOTIFICATION);
        client(first.uri(), second.uri()).send(WISH);
        assertThat(waits).containsExactly(Duration.ofSeconds(3));
    }

    @Test
    void a429IsNotEvadedAtAnotherServer() {
        first.will(429, "", Map.of("Retry-After", "1"));
        first.will(202, StubServer.NOTIFICATION);
        client(first.uri(), second.uri()).send(WISH);
        assertThat(second.requests()).isEmpty();
    }

    @Test
    void aLostResponseIsAskedForAgainUnderTheSameKey() {
        first.willCut();
        first.will(200, StubServer.NOTIFICATION);
        assertThat(client(first.uri()).send(WISH).repeated()).isTrue();
        assertThat(first.headers().get(0).get("Idempotency-key"))
                .isEqualTo(first.headers().get(1).get("Idempotency-key"));
    }

    @Test
    void whatMustNotHappenTwiceIsNotRepeatedWhenItsResponseIsLost() {
        first.willCut();
        RungClient rung = client(first.uri(), second.uri());
        assertThatThrownBy(() -> rung.createMerchant(MerchantFields.named("Tea House")))
                .isInstanceOf(UncheckedIOException.class);
        assertThat(first.requests()).hasSize(1);
        assertThat(second.requests()).isEmpty();
    }

    @Test
    void whatIsRefusedIsNotRepeated() {
        first.will(422, "");
        assertThatThrownBy(() -> client(first.uri(), second.uri()).send(WISH)).isInstanceOf(RungException.class);
        assertThat(second.requests()).isEmpty();
        assertThat(waits).isEmpty();
    }

    @Test
    void readinessIsThatOfAServerThatIsReady() {
        first.will(503, "{\"status\":\"not_ready\",\"reasons\":[\"draining\"]}");
        second.will(200, "{\"status\":\"degraded\",\"reasons\":[\"the broker is away\"]}");
        Readiness readiness = client(first.uri(), second.uri()).readiness();
        assertThat(readiness.accepts()).isTrue();
        assertThat(readiness.reasons()).containsExactly("the broker is away");
    }
}
