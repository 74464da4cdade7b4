package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NewNotification.Idempotency;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore.Acceptance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store keeps of what it accepted, and what it shows of it. */
public interface AcceptContract extends StoreFixture {

    @Test
    default void anAcceptedNotificationWaitsWithWakeNumberOne() {
        NewNotification n = sample().orderNo("T1001")
                .ladder("tea", Ladder.of("1500ms", "24h"))
                .dueAt(Sample.T0 + 7)
                .build();

        assertThat(store().accept(List.of(n))).containsExactly(new Acceptance.Stored(n));

        Delivery delivery = look(n.id());
        assertThat(delivery.id()).isEqualTo(n.id());
        assertThat(delivery.merchantId()).isEqualTo(n.merchantId());
        assertThat(delivery.wakeNumber()).isEqualTo(1);
        assertThat(delivery.state()).isEqualTo(DeliveryState.WAITING);
        assertThat(delivery.wakeLocation()).isEqualTo(WakeLocation.QUEUED);
        assertThat(delivery.nextAttemptAt()).isEqualTo(Sample.T0 + 7);
        assertThat(delivery.rung()).isZero();
        assertThat(delivery.attemptsMade()).isZero();
        assertThat(delivery.ladder()).isEqualTo(Ladder.of("1500ms", "24h"));
        assertThat(delivery.mayRepeat()).isFalse();
        assertThat(delivery.holdsOrder()).isFalse();
        assertThat(delivery.heldByOrder()).isFalse();
        assertThat(delivery.content()).isEqualTo(n.content());
        assertThat(delivery.payload()).isEqualTo(n.payload());
    }

    @Test
    default void whatIsDueFarAheadIsKeptAsFar() {
        NotificationId id = accept(sample().farAt(Sample.T0 + 86_400_000));
        assertThat(look(id).wakeLocation()).isEqualTo(WakeLocation.DEFERRED);
        assertThat(look(id).nextAttemptAt()).isEqualTo(Sample.T0 + 86_400_000);
    }

    @Test
    default void recordsAreShownInTheOrderAskedWithNullForThoseThatAreNotThere() {
        NotificationId first = accept(sample());
        NotificationId second = accept(sample());
        NotificationId absent = new NotificationId(Sample.nextId(Sample.T0));

        List<Delivery> found = store().findDeliveries(List.of(second, absent, first));

        assertThat(found).hasSize(3);
        assertThat(found.get(0).id()).isEqualTo(second);
        assertThat(found.get(1)).isNull();
        assertThat(found.get(2).id()).isEqualTo(first);
        assertThat(store().findDeliveries(List.of())).isEmpty();
    }

    @Test
    default void aBatchIsAnsweredItemByItemInTheOrderGiven() {
        NewNotification earlier = sample().build();
        NewNotification later = sample().build();
        assertThat(store().accept(List.of(later, earlier)))
                .containsExactly(new Acceptance.Stored(later), new Acceptance.Stored(earlier));
        assertThat(store().accept(List.of())).isEmpty();
    }

    @Test
    default void aThousandAreAcceptedAndShownInOneBatch() {
        List<NewNotification> batch = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            batch.add(sample().payload(Sample.bytes("{\"n\":" + i + "}")).build());
        }
        store().accept(batch);
        List<Delivery> found =
                store().findDeliveries(batch.stream().map(NewNotification::id).toList());
        for (int i = 0; i < batch.size(); i++) {
            assertThat(found.get(i).payload()).isEqualTo(batch.get(i).payload());
        }
    }

    @Test
    default void theSameKeyAndBytesAreRepeatedAndNothingIsStored() {
        NotificationId first = accept(sample().key("k1", "body"));
        NewNotification again = sample().key("k1", "body").build();

        assertThat(store().accept(List.of(again))).containsExactly(new Acceptance.Repeated(first));

        assertThat(store().findDeliveries(List.of(again.id()))).containsExactly((Delivery) null);
        assertThat(store().payload(again.id())).isNull();
    }

    @Test
    default void theSameKeyWithOtherBytesConflictsAndNothingIsStored() {
        NotificationId first = accept(sample().key("k1", "body"));
        NewNotification other = sample().key("k1", "another body").build();

        assertThat(store().accept(List.of(other))).containsExactly(new Acceptance.Conflicting(first));

        assertThat(store().findDeliveries(List.of(other.id()))).containsExactly((Delivery) null);
    }

    @Test
    default void keysAreComparedWithinABatchToo() {
        NewNotification first = sample().key("k1", "body").build();
        NewNotification repeat = sample().key("k1", "body").build();
        NewNotification conflict = sample().key("k1", "another body").build();
        NewNotification unrelated = sample().key("k2", "body").build();

        assertThat(store().accept(List.of(first, repeat, conflict, unrelated)))
                .containsExactly(
                        new Acceptance.Stored(first),
                        new Acceptance.Repeated(first.id()),
                        new Acceptance.Conflicting(first.id()),
                        new Acceptance.Stored(unrelated));
        assertThat(store().findDeliveries(List.of(repeat.id(), conflict.id()))).containsOnlyNulls();
    }

    @Test
    default void repeatsAndConflictsInABatchDoNotAffectTheOthers() {
        NotificationId first = accept(sample().key("k1", "body"));
        NewNotification before = sample().build();
        NewNotification repeat = sample().key("k1", "body").build();
        NewNotification after = sample().key("k3", "body").build();

        assertThat(store().accept(List.of(before, repeat, after)))
                .containsExactly(
                        new Acceptance.Stored(before), new Acceptance.Repeated(first), new Acceptance.Stored(after));
        assertThat(look(before.id())).isNotNull();
        assertThat(look(after.id())).isNotNull();
    }

    @Test
    default void aKeyBelongsToItsMerchant() {
        accept(sample().key("k1", "body"));
        NewNotification elsewhere =
                Sample.of(merchant(2)).key("k1", "another body").build();
        assertThat(store().accept(List.of(elsewhere))).containsExactly(new Acceptance.Stored(elsewhere));
    }

    @Test
    default void whatAKeyWasUsedForIsFoundByItsVeryBytes() {
        NotificationId first = accept(sample().key("k1", "body"));
        assertThat(catalog().findAccepted(merchant(1), new Idempotency("k1", Sample.sha256("body"))))
                .contains(first);
        assertThat(catalog().findAccepted(merchant(1), new Idempotency("k1", Sample.sha256("another body"))))
                .isEmpty();
        assertThat(catalog().findAccepted(merchant(1), new Idempotency("k2", Sample.sha256("body"))))
                .isEmpty();
        assertThat(catalog().findAccepted(merchant(2), new Idempotency("k1", Sample.sha256("body"))))
                .isEmpty();
    }

    @Test
    default void theLongestKeyAndAnyCharacterInItAreKept() {
        String longest = "ключ 鍵 '\"\\%_".repeat(30).substring(0, NewNotification.Idempotency.KEY_LENGTH_MAX);
        NotificationId first = accept(sample().key(longest, "body"));
        assertThat(store().accept(List.of(sample().key(longest, "body").build())))
                .containsExactly(new Acceptance.Repeated(first));
    }

    @Test
    default void aKeyIsRememberedAfterItsNotificationWasSettled() {
        NotificationId first = delivered(sample().key("k1", "body"));
        assertThat(store().accept(List.of(sample().key("k1", "body").build())))
                .containsExactly(new Acceptance.Repeated(first));
    }

    @Test
    default void anIdInUseFailsTheWholeBatchAndSaysSo() {
        NotificationId taken = accept(sample().payload(Sample.bytes("1")));
        NewNotification innocent = sample().build();
        NewNotification collides = sample().payload(Sample.bytes("2")).build(taken);

        StoreException thrown =
                catchThrowableOfType(StoreException.class, () -> store().accept(List.of(innocent, collides)));

        assertThat(thrown).isNotNull();
        assertThat(thrown.isIdTaken()).isTrue();
        assertThat(store().findDeliveries(List.of(innocent.id()))).containsOnlyNulls();
        assertThat(store().payload(taken)).isEqualTo(Sample.bytes("1"));
    }

    @Test
    default void payloadBytesAreKeptExactly() {
        byte[] odd = {0, (byte) 0xff, (byte) 0xc3, 0x28, '\r', '\n', ' ', '1', '2', '.', '3', '0', ' '};
        NotificationId id = accept(sample().payload(odd));
        assertThat(store().payload(id)).isEqualTo(odd);
        assertThat(look(id).payload()).isEqualTo(odd);
    }

    @Test
    default void aLargePayloadIsReadByItself() {
        byte[] atTheBound = new byte[Delivery.PAYLOAD_INLINE_MAX];
        byte[] beyond = new byte[Delivery.PAYLOAD_INLINE_MAX + 1];
        byte[] largest = new byte[NewNotification.PAYLOAD_BYTES_MAX];
        Arrays.fill(atTheBound, (byte) 'a');
        Arrays.fill(beyond, (byte) 'b');
        Arrays.fill(largest, (byte) 'c');
        NotificationId inline = accept(sample().payload(atTheBound));
        NotificationId apart = accept(sample().payload(beyond));
        NotificationId huge = accept(sample().payload(largest));

        assertThat(look(inline).payload()).isEqualTo(atTheBound);
        assertThat(look(apart).payload()).isNull();
        assertThat(look(huge).payload()).isNull();
        assertThat(store().payload(apart)).isEqualTo(beyond);
        assertThat(store().payload(huge)).isEqualTo(largest);
        assertThat(store().payload(inline)).isEqualTo(atTheBound);
    }

    @Test
    default void thePayloadOfWhatIsNotThereIsNull() {
        assertThat(store().payload(new NotificationId(Sample.nextId(Sample.T0))))
                .isNull();
    }

    @Test
    default void anOrderedOneIsHeldBackByAnEarlierOneOfItsOrder() {
        NotificationId first = accept(sample().ordered("T1"));
        NotificationId second = accept(sample().ordered("T1"));

        assertThat(look(first).heldByOrder()).isFalse();
        assertThat(look(second).heldByOrder()).isTrue();
        assertThat(look(first).holdsOrder()).isTrue();
        assertThat(look(second).holdsOrder()).isTrue();
    }

    @Test
    default void orderedOnesOfOneBatchHoldBackEachOtherInItsOrder() {
        NewNotification first = sample().ordered("T1").build();
        NewNotification second = sample().ordered("T1").build();
        store().accept(List.of(first, second));

        assertThat(look(first.id()).heldByOrder()).isFalse();
        assertThat(look(second.id()).heldByOrder()).isTrue();
    }

    @Test
    default void otherOrdersOtherMerchantsAndUnorderedOnesHoldBackNothing() {
        accept(sample().ordered("T1"));
        accept(sample().orderNo("T2"));
        NotificationId otherOrder = accept(sample().ordered("T2"));
        NotificationId otherMerchant = accept(Sample.of(merchant(2)).ordered("T1"));
        NotificationId unordered = accept(sample().orderNo("T1"));

        assertThat(look(otherOrder).heldByOrder()).isFalse();
        assertThat(look(otherMerchant).heldByOrder()).isFalse();
        assertThat(look(unordered).heldByOrder()).isFalse();
        assertThat(look(unordered).holdsOrder()).isFalse();
    }

    @Test
    default void aSettledPredecessorHoldsBackNothing() {
        NotificationId first = accept(sample().ordered("T1"));
        NotificationId second = accept(sample().ordered("T1"));
        NotificationId third = accept(sample().ordered("T1"));

        settle(success(wake(first), 1));

        assertThat(look(second).heldByOrder()).isFalse();
        assertThat(look(third).heldByOrder()).isTrue();
    }
}
