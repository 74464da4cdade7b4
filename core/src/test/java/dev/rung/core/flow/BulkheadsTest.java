package dev.rung.core.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.flow.Bulkheads.BulkheadActions;
import dev.rung.core.flow.Bulkheads.Entry;
import dev.rung.core.flow.Bulkheads.Unpark;
import dev.rung.core.flow.ReceiverHealth.Standing;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.HoldReason;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Signing;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.WakeQueue.Receipt;
import dev.rung.core.port.WakeQueue.WakeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BulkheadsTest {
    private static final Duration QUICK = Duration.ofMillis(5);
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private long now = 1_800_000_000_000L;
    private long ids;
    private final Bulkheads bulkheads = new Bulkheads(() -> Instant.ofEpochMilli(now), 40);

    @Test
    void anUnknownMerchantBeginsWithAFewAttemptsAndGrowsWithItsAnswers() {
        Merchant merchant = merchant(1, 32);
        List<InFlightDelivery> begun = enterUntilRefused(merchant);
        assertThat(begun).hasSize(4);

        List<InFlightDelivery> next = new ArrayList<>();
        for (InFlightDelivery inFlight : begun) {
            next.addAll(leave(inFlight, Outcome.ACKNOWLEDGED, QUICK).begin());
        }
        assertThat(next).as("each answer doubles the limit").hasSizeGreaterThan(16);
        assertThat(bulkheads.health(ReceiverId.own(merchant.id())).standing()).isEqualTo(Standing.GOOD);
    }

    @Test
    void aMerchantNeverHasMoreUnderWayThanItsBound() {
        Merchant merchant = good(merchant(1, 6));
        assertThat(enterUntilRefused(merchant)).hasSize(6);
        assertThat(bulkheads.health(ReceiverId.own(merchant.id())).inFlight()).isEqualTo(6);
    }

    @Test
    void merchantsThatHangCannotTakeTheSlotsOfGoodOnes() {
        Merchant good = good(merchant(1, 32));
        for (int i = 2; i < 60; i++) {
            Merchant hanging = merchant(i, 32);
            InFlightDelivery inFlight = inFlight(hanging);
            if (bulkheads.enter(inFlight) == Entry.BEGIN) {
                leave(inFlight, Outcome.TIMED_OUT, DEADLINE);
            }
        }
        int taken = 0;
        for (int i = 2; i < 60; i++) {
            taken += enterUntilRefused(merchant(i, 32)).size();
        }
        assertThat(taken).as("a quarter of 40").isEqualTo(10);
        assertThat(enterUntilRefused(good)).hasSize(30);
    }

    @Test
    void newcomersTogetherTakeHalfOfTheSlotsAtMost() {
        int taken = 0;
        for (int i = 1; i < 60; i++) {
            taken += enterUntilRefused(merchant(i, 32)).size();
        }
        assertThat(taken).isEqualTo(20);
    }

    @Test
    void aMerchantThatOnlyTimesOutIsProbedByOneAttemptAtATime() {
        Merchant merchant = good(merchant(1, 32));
        end(enterUntilRefused(merchant), Outcome.TIMED_OUT, DEADLINE);
        assertThat(enterUntilRefused(merchant)).hasSize(1);
        assertThat(bulkheads.health(ReceiverId.own(merchant.id())).standing()).isEqualTo(Standing.NOT_ANSWERING);
    }

    @Test
    void whatWaitsBehindAMerchantThatBeginsToHangIsSentToTheStore() {
        Merchant merchant = good(merchant(1, 4));
        enterUntilRefused(merchant);
        int waiting = bulkheads.waiting();
        assertThat(waiting).isGreaterThanOrEqualTo(4);
        assertThat(bulkheads.tick().park()).isEmpty();

        now += 600;

        assertThat(bulkheads.tick().park()).hasSize(waiting);
        assertThat(bulkheads.waiting()).isZero();
    }

    @Test
    void whatHasWaitedTooLongIsSentToTheStoreBeforeOtherServersTakeItForLost() {
        Merchant merchant = good(merchant(1, 4));
        now += 100;
        List<InFlightDelivery> begun = enterUntilRefused(merchant);
        int waiting = bulkheads.waiting();
        now += 400;
        leave(begun.getFirst(), Outcome.ACKNOWLEDGED, QUICK);
        assertThat(bulkheads.waiting()).as("a freed slot began one").isEqualTo(waiting - 1);
        InFlightDelivery later = inFlight(merchant);
        assertThat(bulkheads.enter(later)).isEqualTo(Entry.WAIT);
        assertThat(bulkheads.tick().park()).isEmpty();

        now += 100;

        assertThat(bulkheads.tick().park()).hasSize(waiting - 1).doesNotContain(later);
        assertThat(bulkheads.waiting()).isEqualTo(1);
    }

    @Test
    void asMuchMayWaitAsTheMerchantIsSoonThroughWith() {
        Merchant quick = good(merchant(1, 4));
        Merchant slower = merchant(2, 4);
        for (int i = 0; i < 30; i++) {
            InFlightDelivery inFlight = inFlight(slower);
            bulkheads.enter(inFlight);
            leave(inFlight, Outcome.ACKNOWLEDGED, Duration.ofMillis(200));
        }
        enterUntilRefused(slower);
        assertThat(bulkheads.waiting()).isEqualTo(4);
        enterUntilRefused(quick);
        assertThat(bulkheads.waiting()).isGreaterThan(60);
    }

    @Test
    void aSlowMerchantsParkedOnesAreTakenBackOnlyForItsFreeSlots() {
        Merchant merchant = good(merchant(1, 4));
        for (int i = 0; i < 30; i++) {
            InFlightDelivery inFlight = inFlight(merchant);
            assertThat(bulkheads.enter(inFlight)).isEqualTo(Entry.BEGIN);
            leave(inFlight, Outcome.ACKNOWLEDGED, Duration.ofMillis(300));
        }
        assertThat(bulkheads.enter(inFlight(merchant))).isEqualTo(Entry.BEGIN);
        assertThat(bulkheads.holding(List.of(BulkheadKey.own(merchant.id()))).unpark())
                .singleElement()
                .satisfies(unpark -> assertThat(unpark.limit()).isEqualTo(3));
    }

    @Test
    void whileSomethingIsParkedNewcomersOfThatMerchantAreParkedBehindIt() {
        Merchant merchant = good(merchant(1, 4));
        enterUntilRefused(merchant);
        bulkheads.holding(List.of(BulkheadKey.own(merchant.id())));
        assertThat(bulkheads.enter(inFlight(merchant))).isEqualTo(Entry.PARK);
    }

    @Test
    void whatIsParkedIsTakenBackByOnePullAtATime() {
        Merchant merchant = good(merchant(1, 4));
        List<InFlightDelivery> begun = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            InFlightDelivery inFlight = inFlight(merchant);
            assertThat(bulkheads.enter(inFlight)).isEqualTo(Entry.BEGIN);
            begun.add(inFlight);
        }
        List<Unpark> unparks =
                bulkheads.holding(List.of(BulkheadKey.own(merchant.id()))).unpark();
        assertThat(unparks).as("the next are fetched while these run").hasSize(1);
        assertThat(unparks.getFirst().bulkhead()).isEqualTo(BulkheadKey.own(merchant.id()));
        assertThat(leave(begun.getFirst(), Outcome.ACKNOWLEDGED, QUICK).unpark())
                .as("one after the other")
                .isEmpty();
        assertThat(bulkheads
                        .unparked(unparks.getFirst(), unparks.getFirst().limit())
                        .unpark())
                .as("there may be more")
                .hasSize(1);
    }

    @Test
    void aPausedMerchantGetsNothingAndAResumedOneIsTakenBackAtOnce() {
        Merchant merchant = good(merchant(1, 4));
        Merchant paused = merchant.withPaused(true);
        bulkheads.changed(ReceiverId.own(paused.id()), paused.receiver());
        assertThat(bulkheads.enter(inFlight(paused))).isEqualTo(Entry.PARK);
        assertThat(bulkheads.holding(List.of(BulkheadKey.own(merchant.id()))).unpark())
                .isEmpty();

        assertThat(bulkheads
                        .changed(ReceiverId.own(merchant.id()), merchant.receiver())
                        .unpark())
                .hasSize(1);
    }

    @Test
    void queriesRunInTheirChannelsBulkheadWhateverBecomesOfTheirMerchants() {
        Merchant paused = merchant(7, 1).withPaused(true);
        Merchant hanging = merchant(8, 1);
        assertThat(bulkheads.enter(inFlight(hanging))).isEqualTo(Entry.BEGIN);
        assertThat(bulkheads.enter(inFlight(paused, "simulator", false))).isEqualTo(Entry.BEGIN);
        InFlightDelivery query = inFlight(hanging, "simulator", false);
        assertThat(bulkheads.enter(query)).isEqualTo(Entry.BEGIN);
        leave(query, Outcome.TIMED_OUT, DEADLINE);
        assertThat(bulkheads.health(ReceiverId.own(hanging.id())).inFlight()).isEqualTo(1);
        assertThat(bulkheads.standings().values()).containsExactly(1);
        assertThat(bulkheads.enter(inFlight(hanging, "alipay", false))).isEqualTo(Entry.BEGIN);
    }

    @Test
    void aThousandFailingMerchantsWithParkedOnesTakeTurns() {
        List<BulkheadKey> all = new ArrayList<>();
        for (int i = 1; i <= 1000; i++) {
            all.add(BulkheadKey.own(new MerchantId(10_000 + i)));
        }
        ArrayDeque<Unpark> unparks = new ArrayDeque<>(bulkheads.holding(all).unpark());
        ArrayDeque<InFlightDelivery> begun = new ArrayDeque<>();
        Set<MerchantId> served = new HashSet<>();
        for (int step = 0; step < 10_000 && !(unparks.isEmpty() && begun.isEmpty()); step++) {
            if (!unparks.isEmpty()) {
                Unpark unpark = unparks.remove();
                InFlightDelivery inFlight = unparkedDelivery(merchant(merchantOf(unpark), 32));
                if (bulkheads.enter(inFlight) == Entry.BEGIN) {
                    begun.add(inFlight);
                }
                collect(bulkheads.unparked(unpark, unpark.limit()), unparks, begun);
            } else {
                InFlightDelivery inFlight = begun.remove();
                served.add(inFlight.delivery.merchantId());
                collect(leave(inFlight, Outcome.TIMED_OUT, DEADLINE), unparks, begun);
            }
            assertThat(bulkheads.inFlight()).isLessThanOrEqualTo(20);
        }
        assertThat(served).as("every merchant had its turn").hasSize(1000);
    }

    private static long merchantOf(Unpark unpark) {
        return ((BulkheadKey.OfReceiver) unpark.bulkhead())
                .receiver()
                .merchant()
                .value();
    }

    private static void collect(
            BulkheadActions actions, ArrayDeque<Unpark> unparks, ArrayDeque<InFlightDelivery> begun) {
        unparks.addAll(actions.unpark());
        begun.addAll(actions.begin());
    }

    private BulkheadActions leave(InFlightDelivery inFlight, Outcome outcome, Duration took) {
        return bulkheads.leave(inFlight, outcome, took, null).actions();
    }

    @Test
    void standingIsWhatAnOperatorWouldSay() {
        Merchant slow = merchant(1, 32);
        InFlightDelivery attempt = inFlight(slow);
        assertThat(bulkheads.health(ReceiverId.own(slow.id())).standing()).isEqualTo(Standing.UNKNOWN);
        for (int i = 0; i < 10; i++) {
            attempt = inFlight(slow);
            assertThat(bulkheads.enter(attempt)).isEqualTo(Entry.BEGIN);
            leave(attempt, Outcome.ACKNOWLEDGED, Duration.ofSeconds(3));
        }
        assertThat(bulkheads.health(ReceiverId.own(slow.id())).standing()).isEqualTo(Standing.SLOW);
        assertThat(bulkheads.health(ReceiverId.own(slow.id())).successRate()).isEqualTo(1.0);

        Merchant declining = good(merchant(2, 32));
        end(enterUntilRefused(declining), Outcome.DECLINED, QUICK);
        assertThat(bulkheads.health(ReceiverId.own(declining.id())).standing()).isEqualTo(Standing.FAILING);

        Merchant busy = good(merchant(3, 32));
        InFlightDelivery refused = inFlight(busy);
        bulkheads.enter(refused);
        assertThat(bulkheads
                        .leave(refused, Outcome.THROTTLED, QUICK, Duration.ofSeconds(9))
                        .throttled())
                .isEqualTo(Duration.ofSeconds(9));
        assertThat(bulkheads.health(ReceiverId.own(busy.id())).standing()).isEqualTo(Standing.THROTTLED);
        InFlightDelivery next = inFlight(busy);
        assertThat(bulkheads.enter(next)).isEqualTo(Entry.PARK);
        assertThat(next.heldBy).isEqualTo(HoldReason.THROTTLE);
    }

    @Test
    void aTimerServesWhatAThrottledReceiverIsOwed() {
        Merchant busy = good(merchant(3, 32));
        InFlightDelivery refused = inFlight(busy);
        bulkheads.enter(refused);
        bulkheads.leave(refused, Outcome.THROTTLED, QUICK, Duration.ofSeconds(9));
        BulkheadKey key = BulkheadKey.own(busy.id());
        BulkheadActions held = bulkheads.holding(List.of(key));
        assertThat(held.unpark()).isEmpty();
        assertThat(held.timers()).containsExactly(new Bulkheads.PaceTimer(key, now + 9_000));

        now += 9_000;

        assertThat(bulkheads.paced(key).unpark()).containsExactly(new Unpark(key, 1));
    }

    /** Ends these attempts, and those that start in their slots. */
    private void end(List<InFlightDelivery> inFlights, Outcome outcome, Duration took) {
        ArrayDeque<InFlightDelivery> begun = new ArrayDeque<>(inFlights);
        while (!begun.isEmpty()) {
            begun.addAll(leave(begun.remove(), outcome, took).begin());
        }
    }

    private List<InFlightDelivery> enterUntilRefused(Merchant merchant) {
        List<InFlightDelivery> begun = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            InFlightDelivery inFlight = inFlight(merchant);
            switch (bulkheads.enter(inFlight)) {
                case BEGIN -> begun.add(inFlight);
                case WAIT -> {}
                case PARK -> {
                    return begun;
                }
            }
        }
        return begun;
    }

    private Merchant good(Merchant merchant) {
        for (int i = 0; i < 10; i++) {
            InFlightDelivery inFlight = inFlight(merchant);
            assertThat(bulkheads.enter(inFlight)).isEqualTo(Entry.BEGIN);
            leave(inFlight, Outcome.ACKNOWLEDGED, QUICK);
        }
        return merchant;
    }

    private InFlightDelivery inFlight(Merchant merchant) {
        return inFlight(merchant, false);
    }

    private InFlightDelivery unparkedDelivery(Merchant merchant) {
        return inFlight(merchant, true);
    }

    private InFlightDelivery inFlight(Merchant merchant, boolean unparked) {
        return inFlight(merchant, null, unparked);
    }

    private InFlightDelivery inFlight(Merchant merchant, @Nullable String channel, boolean unparked) {
        NotificationId id = new NotificationId(++ids);
        Delivery delivery = new Delivery(
                id,
                ReceiverId.own(merchant.id()),
                channel,
                1,
                DeliveryState.WAITING,
                WakeLocation.QUEUED,
                now,
                0,
                0,
                Ladder.of("3s"),
                false,
                false,
                false,
                false,
                null,
                null,
                new Delivery.Content("https://shop.example/", true, null, null, now),
                new byte[0]);
        Receipt receipt = new Receipt() {
            @Override
            public void acknowledge() {}

            @Override
            public void handBack() {}

            @Override
            public boolean isOpen() {
                return true;
            }
        };
        return new InFlightDelivery(
                new WakeMessage(new Wake(id, 1, now), false, receipt),
                delivery,
                merchant.receiver(),
                unparked ? InFlightDelivery.From.STORE : InFlightDelivery.From.QUEUE);
    }

    private static Merchant merchant(long id, int maxInFlight) {
        return new Merchant(
                new MerchantId(id),
                "shop " + id,
                Receiver.of(null, Receiver.Keys.of(Signing.HMAC, new byte[0], null))
                        .withMaxInFlight(maxInFlight),
                0,
                1);
    }
}
