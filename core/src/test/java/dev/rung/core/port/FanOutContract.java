package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.EndpointId;
import dev.rung.core.model.EventId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationCatalog.Also;
import dev.rung.core.port.NotificationCatalog.Filter;
import dev.rung.core.port.NotificationStore.Acceptance;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Notifications of one event to several receivers. */
public interface FanOutContract extends StoreFixture {
    EndpointId FIRST = new EndpointId(71_001);
    EndpointId SECOND = new EndpointId(71_002);

    private ReceiverId receiver(EndpointId endpoint) {
        return new ReceiverId(merchant(1), endpoint);
    }

    @Test
    default void anEventIsStoredWithAllItsNotifications() {
        NewNotification plain = sample().build();
        NewNotification event = sample().fannedOut(FIRST, SECOND);

        assertThat(store().accept(List.of(plain, event)))
                .containsExactly(new Acceptance.Stored(plain), new Acceptance.Stored(event));

        assertThat(look(plain.id()).receiver()).isEqualTo(ReceiverId.own(merchant(1)));
        assertThat(look(event.id()).content().event()).isNull();
        for (NewNotification each : event.also()) {
            Delivery delivery = look(each.id());
            assertThat(delivery.receiver()).isEqualTo(each.receiver());
            assertThat(delivery.content().event()).isEqualTo(EventId.of(event.id()));
            assertThat(delivery.state()).isEqualTo(DeliveryState.WAITING);
            assertThat(detail(each.id()).receiver()).isEqualTo(each.receiver());
            assertThat(detail(each.id()).content().eventOf(each.id())).isEqualTo(EventId.of(event.id()));
            assertThat(store().payload(each.id())).isEqualTo(event.payload());
        }
        assertThat(catalog().also(merchant(1), event.id()))
                .containsExactly(
                        new Also(event.also().get(0).id(), FIRST),
                        new Also(event.also().get(1).id(), SECOND));
        assertThat(catalog().also(merchant(1), plain.id())).isEmpty();
        assertThat(catalog().counts().byState()).containsEntry(DeliveryState.WAITING, 4L);
    }

    @Test
    default void aRepeatedEventIsNotStoredAgain() {
        NewNotification first = sample().key("k1", "body").fannedOut(FIRST);
        NewNotification again = sample().key("k1", "body").fannedOut(FIRST);
        assertThat(store().accept(List.of(first, again)))
                .containsExactly(new Acceptance.Stored(first), new Acceptance.Repeated(first.id()));
        assertThat(store().accept(List.of(sample().key("k1", "other").fannedOut(SECOND))))
                .containsExactly(new Acceptance.Conflicting(first.id()));
        assertThat(store().findDeliveries(List.of(again.also().getFirst().id())))
                .containsOnlyNulls();
        assertThat(catalog().also(merchant(1), first.id())).hasSize(1);
    }

    @Test
    default void anIdInUseStoresNothingOfTheEvent() {
        NotificationId taken = accept(sample());
        NewNotification event = sample().fannedOut(FIRST);
        NewNotification colliding = new NewNotification(
                event.id(),
                event.receiver(),
                null,
                event.content(),
                event.payload(),
                event.ladder(),
                null,
                false,
                false,
                event.dueAt(),
                WakeLocation.QUEUED,
                null,
                List.of(sample().to(SECOND).build(taken)));
        StoreException thrown = catchThrowableOfType(StoreException.class, () -> store().accept(List.of(colliding)));
        assertThat(thrown.isIdTaken()).isTrue();
        assertThat(store().findDeliveries(List.of(event.id()))).containsOnlyNulls();
    }

    @Test
    default void theKeyIsKeptAsLongAsAnyOfTheEvent() {
        long now = store().now();
        long old = now - Duration.ofHours(48).toMillis();
        NewNotification event =
                sample().createdAt(old).dueAt(old).key("k1", "body").fannedOut(FIRST);
        store().accept(List.of(event));
        settle(success(wake(event.id()), 1));

        assertThat(store().purge(now, 100)).isZero();
        NewNotification again = sample().createdAt(now).key("k1", "body").build();
        assertThat(store().accept(List.of(again))).containsExactly(new Acceptance.Repeated(event.id()));

        settle(success(wake(event.also().getFirst().id()), 1));
        int deleted = store().purge(now, 100);
        deleted += store().purge(now, 100);
        assertThat(deleted).isEqualTo(2);
        assertThat(store().accept(List.of(again))).containsExactly(new Acceptance.Stored(again));
    }

    @Test
    default void eachReceiverHasItsBulkhead() {
        NotificationId own = parked(sample(), WakeLocation.HELD_BY_BULKHEAD);
        NotificationId first = parked(sample().to(FIRST), WakeLocation.HELD_BY_BULKHEAD);
        NotificationId second = parked(sample().to(SECOND), WakeLocation.HELD_BY_BULKHEAD);
        BulkheadKey ofFirst = new BulkheadKey.OfReceiver(receiver(FIRST));
        BulkheadKey ofSecond = new BulkheadKey.OfReceiver(receiver(SECOND));

        assertThat(store().bulkheadsHolding(null, 10)).containsExactly(bulkhead(1), ofFirst, ofSecond);
        assertThat(store().bulkheadsHolding(bulkhead(1), 1)).containsExactly(ofFirst);
        assertThat(store().bulkheadsHolding(ofFirst, 10)).containsExactly(ofSecond);
        assertThat(store().countHeld(ofFirst, 10)).isEqualTo(1);
        assertThat(store().unparkHeld(ofSecond, 10)).extracting(Delivery::id).containsExactly(second);
        assertThat(store().unparkHeld(bulkhead(1), 10)).extracting(Delivery::id).containsExactly(own);
        assertThat(store().unparkHeld(ofFirst, 10)).extracting(Delivery::id).containsExactly(first);
    }

    @Test
    default void anOrderIsOneOfItsReceiver() {
        NotificationId own = accept(sample().ordered("T1"));
        NotificationId first = accept(sample().to(FIRST).ordered("T1"));
        NotificationId later = accept(sample().to(FIRST).ordered("T1"));

        assertThat(look(own).heldByOrder()).isFalse();
        assertThat(look(first).heldByOrder()).isFalse();
        assertThat(look(later).heldByOrder()).isTrue();
        assertThat(park(List.of(wake(first), wake(later)), WakeLocation.HELD_BY_ORDER))
                .containsExactly(false, true);
        settle(success(wake(own), 1));
        assertThat(store().unparkReleased(ReceiverId.own(merchant(1)), "T1", 10))
                .isEmpty();
        assertThat(store().unparkReleased(receiver(FIRST), "T1", 10)).isEmpty();
        settle(success(wake(first), 1));
        assertThat(store().unparkReleased(receiver(FIRST), "T1", 10))
                .extracting(Delivery::id)
                .containsExactly(later);
    }

    @Test
    default void anEndpointsNotificationsAreListed() {
        NotificationId first = accept(sample().to(FIRST));
        NotificationId settled = exhausted(sample().to(FIRST));
        accept(sample().to(SECOND));
        accept(sample());
        indexed();
        assertThat(listed(new Filter(null, FIRST, null, null, null, null, null)))
                .containsExactly(settled, first);
        assertThat(listed(new Filter(merchant(1), FIRST, null, DeliveryState.EXHAUSTED, null, null, null)))
                .containsExactly(settled);
        assertThat(listed(new Filter(merchant(2), FIRST, null, null, null, null, null)))
                .isEmpty();
    }

    private List<NotificationId> listed(Filter filter) {
        return catalog().search(filter, null, 10).data().stream()
                .map(n -> n.id())
                .toList();
    }
}
