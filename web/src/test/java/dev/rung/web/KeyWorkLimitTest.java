package dev.rung.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.web.KeyWorkLimit.Kind;
import dev.rung.web.KeyWorkLimit.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyWorkLimitTest {
    private static final String KEY = "key_1";
    private static final String OTHER = "key_2";

    private long now = 1;
    private final KeyWorkLimit limit = new KeyWorkLimit(() -> now);

    @Test
    void aKeyHasSoManyRequestsAndStreamsAtOnceAndLeavesOthersTheirs() {
        List<Lease> open = new ArrayList<>();
        for (int i = 0; i < KeyWorkLimit.AT_ONCE_MAX; i++) {
            open.add(limit.begin(KEY, Kind.READ));
        }
        for (int i = 0; i < KeyWorkLimit.STREAMS_MAX; i++) {
            open.add(limit.begin(KEY, Kind.STREAM));
        }
        refused(Kind.READ, 1);
        refused(Kind.STREAM, 1);
        limit.begin(OTHER, Kind.READ).close();
        limit.begin(OTHER, Kind.STREAM).close();

        open.forEach(Lease::close);

        limit.begin(KEY, Kind.READ).close();
        limit.begin(KEY, Kind.STREAM).close();
    }

    @Test
    void keysThatAreNoLongerUsedAreForgotten() {
        for (int i = 0; i < 5_000; i++) {
            limit.begin("key_" + i, Kind.CHANGE).close();
            now += KeyWorkLimit.CHANGE_EVERY.toNanos();
        }
        assertThat(limit.size()).isLessThanOrEqualTo(1_000);
    }

    @Test
    void changesAreSpacedOnceTheFirstAreMade() {
        for (int i = 0; i < KeyWorkLimit.CHANGES_MAX; i++) {
            limit.begin(KEY, Kind.CHANGE).close();
        }
        refused(Kind.CHANGE, 1);
        refused(Kind.BULK_CHANGE, 3);
        limit.begin(KEY, Kind.READ).close();
        limit.begin(OTHER, Kind.BULK_CHANGE).close();

        now += KeyWorkLimit.CHANGE_EVERY.toNanos();
        limit.begin(KEY, Kind.CHANGE).close();
        refused(Kind.CHANGE, 1);

        now += Duration.ofHours(1).toNanos();
        for (int i = 0; i < KeyWorkLimit.CHANGES_MAX; i++) {
            limit.begin(KEY, Kind.CHANGE).close();
        }
        refused(Kind.CHANGE, 1);
    }

    @Test
    void methodAndPathSayWhatARequestDoes() {
        assertThat(Kind.of("GET", "/v1/notifications")).isEqualTo(Kind.READ);
        assertThat(Kind.of("GET", "/v1/stream")).isEqualTo(Kind.STREAM);
        assertThat(Kind.of("POST", "/v1/payments/pay_1/sync")).isEqualTo(Kind.CHANGE);
        assertThat(Kind.of("POST", "/v1/notifications/resend")).isEqualTo(Kind.BULK_CHANGE);
    }

    private void refused(Kind kind, int retryAfterSeconds) {
        assertThatThrownBy(() -> limit.begin(KEY, kind)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().status()).isEqualTo(429);
            assertThat(e.problem().retryAfterSeconds()).isEqualTo(retryAfterSeconds);
        });
    }
}
