package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueryScheduleTest {
    private static final Instant T0 = PaymentSample.T0;
    private static final Instant EXPIRY = T0.plus(PaymentSample.EXPIRES_IN);
    private static final Duration TAKES = Duration.ofMillis(40);

    private final QuerySchedule schedule = new QuerySchedule(Ladder.of("5s", "30s", "1m", "3m", "5m", "10m", "30m"));
    private final Payment payment =
            PaymentSample.of(new MerchantId(2_000)).build().payment();

    /** The times of queries that each take a moment, from the first one until then, in seconds after creation. */
    private List<Long> queries(Payment of, Instant first, Instant until) {
        List<Long> seconds = new ArrayList<>();
        for (Instant at = first; at.isBefore(until); at = at.plus(TAKES).plus(schedule.next(of, at.plus(TAKES)))) {
            seconds.add(Duration.between(T0, at).toSeconds());
        }
        return seconds;
    }

    @Test
    void theWaitsRunFromCreationAndOneQueryFallsAtExpiry() {
        Instant first = schedule.first(T0, EXPIRY);
        assertThat(queries(payment, first, EXPIRY.plusSeconds(1))).containsExactly(5L, 35L, 95L, 275L, 575L, 900L);
    }

    @Test
    void theQueryAtExpiryIsNotBeforeIt() {
        Instant justBefore = EXPIRY.minusMillis(3);
        assertThat(justBefore.plus(schedule.next(payment, justBefore))).isEqualTo(EXPIRY);
    }

    @Test
    void theLastWaitRepeats() {
        QuerySchedule brief = new QuerySchedule(Ladder.of("1s", "2s"));
        assertThat(brief.next(payment, T0.plusMillis(500))).isEqualTo(Duration.ofSeconds(1));
        assertThat(brief.next(payment, T0.plusMillis(1_010))).isEqualTo(Duration.ofSeconds(2));
        assertThat(brief.next(payment, T0.plusSeconds(500))).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void whatExpiresBeforeTheFirstWaitIsOverIsQueriedThen() {
        assertThat(schedule.first(T0, T0.plusSeconds(3))).isEqualTo(T0.plusSeconds(3));
    }

    @Test
    void afterExpiryTheWaitsBeginAnew() {
        assertThat(queries(payment, EXPIRY, EXPIRY.plusSeconds(3_600)))
                .containsExactly(900L, 905L, 935L, 995L, 1_175L, 1_475L, 2_075L, 3_875L);
    }

    @Test
    void aWishToCloseBeginsThemAnewAtOnce() {
        Payment toBeClosed = payment.withCloseRequested(T0.plusSeconds(100));
        assertThat(queries(toBeClosed, T0.plusSeconds(100), T0.plusSeconds(700)))
                .containsExactly(100L, 105L, 135L, 195L, 375L, 675L);
    }

    @Test
    void aWishToCloseAfterItsExpiryDelaysNothing() {
        Payment toBeClosed = payment.withCloseRequested(EXPIRY.plusSeconds(600));
        assertThat(schedule.next(toBeClosed, EXPIRY.plusSeconds(600)))
                .isEqualTo(schedule.next(payment, EXPIRY.plusSeconds(600)));
    }

    @Test
    void aDayAfterItsExpiryItIsQueriedEveryHour() {
        Instant dayAfter = EXPIRY.plus(Duration.ofHours(24));
        assertThat(QuerySchedule.isUnresolved(payment, dayAfter.minusMillis(1))).isFalse();
        assertThat(QuerySchedule.isUnresolved(payment, dayAfter)).isTrue();
        assertThat(schedule.next(payment, dayAfter.minusMillis(1))).isEqualTo(Duration.ofMinutes(30));
        assertThat(schedule.next(payment, dayAfter)).isEqualTo(Duration.ofHours(1));
        assertThat(schedule.next(payment, dayAfter.plus(Duration.ofDays(400)))).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void itIsClosingFromItsExpiryOrFromTheWish() {
        assertThat(QuerySchedule.isClosing(payment, EXPIRY.minusMillis(1))).isFalse();
        assertThat(QuerySchedule.isClosing(payment, EXPIRY)).isTrue();
        assertThat(QuerySchedule.isClosing(payment.withCloseRequested(T0), T0)).isTrue();
    }
}
