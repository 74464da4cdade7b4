package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a pause, a bulkhead or an order holds back, and how it comes back. */
public interface ParkContract extends StoreFixture {

    @Test
    default void aParkedOneKeepsItsDueTimeAndLeavesTheQueue() {
        NotificationId id = accept(sample());

        assertThat(park(List.of(wake(id)), WakeLocation.HELD_BY_BULKHEAD)).containsExactly(true);

        Delivery delivery = look(id);
        assertThat(delivery.wakeLocation()).isEqualTo(WakeLocation.HELD_BY_BULKHEAD);
        assertThat(delivery.wakeNumber()).isEqualTo(2);
        assertThat(delivery.nextAttemptAt()).isEqualTo(Sample.T0);
        assertThat(delivery.rung()).isZero();
        assertThat(delivery.mayRepeat()).isFalse();
        assertThat(store().queued(null, Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    default void onlyAValidWakeParks() {
        NotificationId moved = accept(sample());
        NotificationId settled = accept(sample());
        NotificationId valid = accept(sample());
        NotificationId absent = new NotificationId(Sample.nextId(Sample.T0));
        Wake stale = wake(moved);
        Wake ended = wake(settled);
        store().rearm(List.of(stale), true);
        settle(success(ended, 1));

        List<Wake> wakes = List.of(wake(valid), stale, ended, new Wake(absent, 1, Sample.T0));
        assertThat(park(wakes, WakeLocation.HELD_BY_BULKHEAD)).containsExactly(true, false, false, false);

        assertThat(look(moved).wakeLocation()).isEqualTo(WakeLocation.QUEUED);
        assertThat(look(moved).wakeNumber()).isEqualTo(2);
        assertThat(look(settled).wakeNumber()).isEqualTo(2);
        assertThat(park(List.of(), WakeLocation.HELD_BY_BULKHEAD)).isEmpty();
    }

    @Test
    default void theResendOfADeliveredOneCanBeParked() {
        NotificationId id = delivered(sample());
        store().resend(List.of(id), null, false, Sample.T0 + 100);
        assertThat(park(List.of(wake(id)), WakeLocation.HELD_BY_BULKHEAD)).containsExactly(true);
        assertThat(store().unparkHeld(bulkhead(1), 10))
                .singleElement()
                .satisfies(o -> assertThat(o.id()).isEqualTo(id));
    }

    @Test
    default void anOrderHoldsOnlyWhileAPredecessorIsUnsettled() {
        NotificationId first = accept(sample().ordered("T1"));
        NotificationId second = accept(sample().ordered("T1"));
        NotificationId third = accept(sample().ordered("T1"));

        assertThat(park(List.of(wake(first), wake(second)), WakeLocation.HELD_BY_ORDER))
                .containsExactly(false, true);
        assertThat(look(first).wakeLocation()).isEqualTo(WakeLocation.QUEUED);
        assertThat(look(first).wakeNumber()).isEqualTo(1);

        settle(success(wake(first), 1));
        store().cancel(second, Sample.T0 + 5);
        assertThat(park(List.of(wake(third)), WakeLocation.HELD_BY_ORDER)).containsExactly(false);
        assertThat(look(third).wakeLocation()).isEqualTo(WakeLocation.QUEUED);
    }

    @Test
    default void theOldestDueOfAMerchantIsPulledFirst() {
        NotificationId youngest = parked(sample().dueAt(Sample.T0 + 30), WakeLocation.HELD_BY_BULKHEAD);
        NotificationId oldest = parked(sample().dueAt(Sample.T0 + 10), WakeLocation.HELD_BY_BULKHEAD);
        NotificationId middle = parked(sample().dueAt(Sample.T0 + 20), WakeLocation.HELD_BY_BULKHEAD);
        parked(Sample.of(merchant(2)).dueAt(Sample.T0), WakeLocation.HELD_BY_BULKHEAD);

        List<Delivery> unparked = store().unparkHeld(bulkhead(1), 2);

        assertThat(unparked).extracting(Delivery::id).containsExactly(oldest, middle);
        assertThat(look(youngest).wakeLocation()).isEqualTo(WakeLocation.HELD_BY_BULKHEAD);
        assertThat(store().unparkHeld(bulkhead(1), 2)).extracting(Delivery::id).containsExactly(youngest);
        assertThat(store().unparkHeld(bulkhead(1), 2)).isEmpty();
    }

    @Test
    default void aPulledOneIsShownAsItIsAfterThePull() {
        NotificationId id = parked(sample().payload(Sample.bytes("[1]")), WakeLocation.HELD_BY_BULKHEAD);

        Delivery unparked = store().unparkHeld(bulkhead(1), 10).getFirst();

        assertThat(unparked).usingRecursiveComparison().isEqualTo(look(id));
        assertThat(unparked.wakeLocation()).isEqualTo(WakeLocation.QUEUED);
        assertThat(unparked.wakeNumber()).isEqualTo(3);
        assertThat(unparked.nextAttemptAt()).isEqualTo(Sample.T0);
        assertThat(unparked.payload()).isEqualTo(Sample.bytes("[1]"));
        assertThat(store().queued(null, Long.MAX_VALUE, 10)).containsExactly(new Wake(id, 3, Sample.T0));
    }

    @Test
    default void aPullTellsWhetherAPredecessorIsUnsettled() {
        NotificationId first = accept(sample().ordered("T1"));
        NotificationId second = parked(sample().ordered("T1"), WakeLocation.HELD_BY_BULKHEAD);
        assertThat(store().unparkHeld(bulkhead(1), 10)).singleElement().satisfies(o -> {
            assertThat(o.id()).isEqualTo(second);
            assertThat(o.heldByOrder()).isTrue();
        });
        assertThat(look(first).heldByOrder()).isFalse();
    }

    @Test
    default void whatAnOrderHoldsIsNotPulledForItsMerchant() {
        accept(sample().ordered("T1"));
        NotificationId second = parked(sample().ordered("T1"), WakeLocation.HELD_BY_ORDER);
        assertThat(store().unparkHeld(bulkhead(1), 10)).isEmpty();
        assertThat(store().bulkheadsHolding(null, 10)).isEmpty();
        assertThat(look(second).wakeLocation()).isEqualTo(WakeLocation.HELD_BY_ORDER);
    }

    @Test
    default void theNextOfAnOrderIsReleasedWhenItsPredecessorsAreSettled() {
        NotificationId first = accept(sample().ordered("T1"));
        NotificationId second = parked(sample().ordered("T1"), WakeLocation.HELD_BY_ORDER);
        NotificationId third = parked(sample().ordered("T1"), WakeLocation.HELD_BY_ORDER);
        assertThat(store().unparkReleased(ReceiverId.own(merchant(1)), "T1", 10))
                .isEmpty();

        settle(success(wake(first), 1));

        List<Delivery> released = store().unparkReleased(ReceiverId.own(merchant(1)), "T1", 10);
        assertThat(released).singleElement().satisfies(o -> {
            assertThat(o).usingRecursiveComparison().isEqualTo(look(second));
            assertThat(o.wakeLocation()).isEqualTo(WakeLocation.QUEUED);
            assertThat(o.wakeNumber()).isEqualTo(3);
            assertThat(o.heldByOrder()).isFalse();
            assertThat(o.holdsOrder()).isTrue();
            assertThat(o.nextAttemptAt()).isEqualTo(Sample.T0);
        });
        assertThat(look(third).wakeLocation()).isEqualTo(WakeLocation.HELD_BY_ORDER);
        assertThat(look(third).heldByOrder()).isTrue();
    }

    @Test
    default void aReleaseOfOneOrderLeavesTheOthers() {
        NotificationId first = accept(sample().ordered("T1"));
        NotificationId other = accept(sample().ordered("T2"));
        NotificationId elsewhere = accept(Sample.of(merchant(2)).ordered("T1"));
        parked(sample().ordered("T1"), WakeLocation.HELD_BY_ORDER);
        NotificationId otherNext = parked(sample().ordered("T2"), WakeLocation.HELD_BY_ORDER);
        NotificationId elsewhereNext = parked(Sample.of(merchant(2)).ordered("T1"), WakeLocation.HELD_BY_ORDER);
        settle(success(wake(first), 1));
        settle(success(wake(other), 1));
        settle(success(wake(elsewhere), 1));

        assertThat(store().unparkReleased(ReceiverId.own(merchant(1)), "T1", 10))
                .hasSize(1);
        assertThat(look(otherNext).wakeLocation()).isEqualTo(WakeLocation.HELD_BY_ORDER);
        assertThat(look(elsewhereNext).wakeLocation()).isEqualTo(WakeLocation.HELD_BY_ORDER);
    }

    @Test
    default void aReleaseOfAnyOrderFindsWhatAPullHasMissed() {
        NotificationId first = accept(sample().ordered("T1"));
        NotificationId other = accept(Sample.of(merchant(2)).ordered("T2"));
        NotificationId unsettled = accept(sample().ordered("T3"));
        NotificationId firstNext = parked(sample().ordered("T1"), WakeLocation.HELD_BY_ORDER);
        NotificationId otherNext = parked(Sample.of(merchant(2)).ordered("T2"), WakeLocation.HELD_BY_ORDER);
        NotificationId held = parked(sample().ordered("T3"), WakeLocation.HELD_BY_ORDER);
        settle(success(wake(first), 1));
        store().cancel(other, Sample.T0 + 5);

        List<Delivery> one = store().unparkReleased(null, null, 1);
        List<Delivery> rest = store().unparkReleased(null, null, 10);

        assertThat(one).hasSize(1);
        assertThat(rest).hasSize(1);
        assertThat(List.of(one.getFirst().id(), rest.getFirst().id())).containsExactlyInAnyOrder(firstNext, otherNext);
        assertThat(store().unparkReleased(null, null, 10)).isEmpty();
        assertThat(look(held).wakeLocation()).isEqualTo(WakeLocation.HELD_BY_ORDER);
        assertThat(look(unsettled).wakeLocation()).isEqualTo(WakeLocation.QUEUED);
    }

    @Test
    default void aResentPredecessorHoldsBackNothing() {
        NotificationId first = accept(sample().ordered("T1"));
        NotificationId second = parked(sample().ordered("T1"), WakeLocation.HELD_BY_ORDER);

        store().resend(List.of(first), null, false, Sample.T0 + 100);

        assertThat(look(second).heldByOrder()).isFalse();
        assertThat(store().unparkReleased(ReceiverId.own(merchant(1)), "T1", 10))
                .extracting(Delivery::id)
                .containsExactly(second);
    }

    @Test
    default void merchantsThatHoldSomethingAreListedInIdOrder() {
        parked(Sample.of(merchant(3)), WakeLocation.HELD_BY_BULKHEAD);
        parked(Sample.of(merchant(1)), WakeLocation.HELD_BY_BULKHEAD);
        parked(Sample.of(merchant(1)), WakeLocation.HELD_BY_BULKHEAD);
        parked(Sample.of(merchant(2)), WakeLocation.HELD_BY_BULKHEAD);
        accept(Sample.of(merchant(4)));

        assertThat(store().bulkheadsHolding(null, 10)).containsExactly(bulkhead(1), bulkhead(2), bulkhead(3));
        assertThat(store().bulkheadsHolding(null, 2)).containsExactly(bulkhead(1), bulkhead(2));
        assertThat(store().bulkheadsHolding(bulkhead(2), 2)).containsExactly(bulkhead(3));
        assertThat(store().bulkheadsHolding(bulkhead(3), 2)).isEmpty();
    }

    @Test
    default void queriesAreHeldForTheirChannelAndNotForTheirMerchants() {
        NotificationId notification = parked(sample(), WakeLocation.HELD_BY_BULKHEAD);
        NotificationId query = parked(sample().channel("simulator"), WakeLocation.HELD_BY_BULKHEAD);
        NotificationId other = parked(Sample.of(merchant(2)).channel("simulator"), WakeLocation.HELD_BY_BULKHEAD);
        NotificationId elsewhere = parked(sample().channel("alipay"), WakeLocation.HELD_BY_BULKHEAD);
        BulkheadKey simulator = new BulkheadKey.OfChannel("simulator");
        BulkheadKey alipay = new BulkheadKey.OfChannel("alipay");

        assertThat(store().bulkheadsHolding(null, 10)).containsExactly(bulkhead(1), alipay, simulator);
        assertThat(store().bulkheadsHolding(null, 2)).containsExactly(bulkhead(1), alipay);
        assertThat(store().bulkheadsHolding(bulkhead(1), 1)).containsExactly(alipay);
        assertThat(store().bulkheadsHolding(alipay, 2)).containsExactly(simulator);
        assertThat(store().unparkHeld(bulkhead(1), 10)).extracting(Delivery::id).containsExactly(notification);
        assertThat(store().unparkHeld(simulator, 10)).extracting(Delivery::id).containsExactly(query, other);
        assertThat(store().bulkheadsHolding(null, 10)).containsExactly(alipay);
        assertThat(store().unparkHeld(alipay, 10)).singleElement().satisfies(delivery -> {
            assertThat(delivery.id()).isEqualTo(elsewhere);
            assertThat(delivery.merchantId()).isEqualTo(merchant(1));
            assertThat(delivery.channel()).isEqualTo("alipay");
        });
    }

    @Test
    default void aMerchantWhoseLastWasPulledHoldsNothing() {
        parked(sample(), WakeLocation.HELD_BY_BULKHEAD);
        store().unparkHeld(bulkhead(1), 10);
        assertThat(store().bulkheadsHolding(null, 10)).isEmpty();
    }

    @Test
    default void cancelledAndResentOnesAreNotHeld() {
        NotificationId cancelled = parked(sample(), WakeLocation.HELD_BY_BULKHEAD);
        NotificationId resent = parked(sample(), WakeLocation.HELD_BY_BULKHEAD);
        store().cancel(cancelled, Sample.T0 + 5);
        store().resend(List.of(resent), null, false, Sample.T0 + 6);

        assertThat(store().bulkheadsHolding(null, 10)).isEmpty();
        assertThat(store().unparkHeld(bulkhead(1), 10)).isEmpty();
        assertThat(look(resent).wakeLocation()).isEqualTo(WakeLocation.QUEUED);
    }
}
