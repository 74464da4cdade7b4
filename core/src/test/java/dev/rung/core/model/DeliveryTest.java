package dev.rung.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeliveryTest {
    private static final long ENDED = 1_000_000;

    private static Delivery delivery(DeliveryState state, @Nullable Long nextAttemptAt, int rung) {
        return new Delivery(
                new NotificationId(1),
                ReceiverId.own(new MerchantId(2)),
                null,
                7,
                state,
                WakeLocation.QUEUED,
                nextAttemptAt,
                rung,
                rung,
                Ladder.of("3s", "30s"),
                false,
                false,
                false,
                false,
                null,
                null,
                new Delivery.Content("https://shop.example/", true, null, null, 0),
                new byte[0]);
    }

    @Test
    void aThrottledAttemptIsRepeatedOnTheSameRungForADay() {
        Delivery first = waiting(2);
        assertThat(first.counted(Outcome.THROTTLED, ENDED)).isEqualTo(Outcome.THROTTLED);
        assertThat(first.after(Outcome.THROTTLED, ENDED, Duration.ofSeconds(7), null))
                .isEqualTo(new NextStep.Throttled(ENDED + 7_000));
        Delivery later = new Delivery(
                first.id(),
                first.receiver(),
                null,
                7,
                DeliveryState.WAITING,
                WakeLocation.QUEUED,
                1L,
                2,
                2,
                first.ladder(),
                false,
                false,
                false,
                false,
                ENDED,
                null,
                first.content(),
                new byte[0]);
        long day = Duration.ofHours(24).toMillis();
        assertThat(later.counted(Outcome.THROTTLED, ENDED + day - 1)).isEqualTo(Outcome.THROTTLED);
        assertThat(later.counted(Outcome.THROTTLED, ENDED + day)).isEqualTo(Outcome.DECLINED);
    }

    private static Delivery waiting(int rung) {
        return delivery(DeliveryState.WAITING, 900_000L, rung);
    }

    @Test
    void anAcknowledgementDelivers() {
        for (int rung = 0; rung <= 2; rung++) {
            assertThat(waiting(rung).after(Outcome.ACKNOWLEDGED, ENDED, null, null))
                    .isEqualTo(new NextStep.Delivered());
        }
        assertThat(delivery(DeliveryState.DELIVERED, 900_000L, 1).after(Outcome.ACKNOWLEDGED, ENDED, null, null))
                .isEqualTo(new NextStep.Delivered());
    }

    @ParameterizedTest
    @EnumSource(
            names = {"ACKNOWLEDGED", "THROTTLED"},
            mode = EnumSource.Mode.EXCLUDE)
    void everyOtherOutcomeClimbsFromTheEndOfTheAttempt(Outcome outcome) {
        assertThat(waiting(0).after(outcome, ENDED, null, null)).isEqualTo(new NextStep.Retry(ENDED + 3_000));
        assertThat(waiting(1).after(outcome, ENDED, null, null)).isEqualTo(new NextStep.Retry(ENDED + 30_000));
        assertThat(waiting(2).after(outcome, ENDED, null, null)).isEqualTo(new NextStep.Exhausted());
    }

    @Test
    void aFailedResendOfADeliveredOneRests() {
        assertThat(delivery(DeliveryState.DELIVERED, 900_000L, 0).after(Outcome.TIMED_OUT, ENDED, null, null))
                .isEqualTo(new NextStep.Unchanged());
        assertThat(delivery(DeliveryState.DELIVERED, 900_000L, 5)
                        .after(Outcome.DECLINED, ENDED, Duration.ofDays(2), null))
                .isEqualTo(new NextStep.Unchanged());
    }

    @Test
    void retryAfterLengthensAndNeverShortens() {
        assertThat(waiting(1).after(Outcome.DECLINED, ENDED, Duration.ofSeconds(45), null))
                .isEqualTo(new NextStep.Retry(ENDED + 45_000));
        assertThat(waiting(1).after(Outcome.DECLINED, ENDED, Duration.ofSeconds(5), null))
                .isEqualTo(new NextStep.Retry(ENDED + 30_000));
        assertThat(waiting(1).after(Outcome.DECLINED, ENDED, Duration.ofSeconds(-5), null))
                .isEqualTo(new NextStep.Retry(ENDED + 30_000));
    }

    @Test
    void retryAfterIsCutToADay() {
        assertThat(waiting(0).after(Outcome.DECLINED, ENDED, Duration.ofDays(400_000), null))
                .isEqualTo(new NextStep.Retry(ENDED + 86_400_000));
    }

    @Test
    void retryAfterDoesNotLengthenTheLadder() {
        assertThat(waiting(2).after(Outcome.DECLINED, ENDED, Duration.ofHours(1), null))
                .isEqualTo(new NextStep.Exhausted());
    }

    @ParameterizedTest
    @EnumSource(
            names = {"ACKNOWLEDGED", "THROTTLED"},
            mode = EnumSource.Mode.EXCLUDE)
    void anExactWaitStandsInForTheLadderAndHasNoEnd(Outcome outcome) {
        Duration wait = Duration.ofMillis(1_234);
        NextStep exactly = new NextStep.Retry(ENDED + 1_234);
        assertThat(waiting(0).after(outcome, ENDED, null, wait)).isEqualTo(exactly);
        assertThat(waiting(2).after(outcome, ENDED, null, wait)).isEqualTo(exactly);
        assertThat(waiting(2).after(outcome, ENDED, Duration.ofHours(1), wait)).isEqualTo(exactly);
    }

    @Test
    void anExactWaitDoesNotOutliveAnAcknowledgement() {
        Duration wait = Duration.ofSeconds(1);
        assertThat(waiting(0).after(Outcome.ACKNOWLEDGED, ENDED, null, wait)).isEqualTo(new NextStep.Delivered());
        assertThat(delivery(DeliveryState.DELIVERED, 900_000L, 1).after(Outcome.DECLINED, ENDED, null, wait))
                .isEqualTo(new NextStep.Unchanged());
    }

    @Test
    void aWakeIsCurrentWhileItsNumberIsTheRecordsAndSomethingIsOwed() {
        Wake wake = new Wake(new NotificationId(1), 7, 900_000);
        assertThat(waiting(0).isCurrent(wake)).isTrue();
        assertThat(waiting(0).isCurrent(new Wake(new NotificationId(1), 6, 900_000)))
                .isFalse();
        assertThat(waiting(0).isCurrent(new Wake(new NotificationId(1), 8, 900_000)))
                .isFalse();
        assertThat(delivery(DeliveryState.EXHAUSTED, null, 3).isCurrent(wake)).isFalse();
    }
}
