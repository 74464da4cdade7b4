package dev.rung.payments.port;

import static dev.rung.payments.port.PaymentSample.change;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.payments.model.Decision;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Payments in lists, and counted. */
interface ListContract extends PaymentStoreFixture {

    private Payment in(PaymentState state, PaymentSample sample) {
        Payment payment = taken(sample);
        return state == PaymentState.CREATED
                ? payment
                : changed(change(payment, payment.moved(new Decision.Transition(state, null, null)))
                        .build());
    }

    private Payment paidAt(Instant at) {
        Payment payment = taken(sample());
        return changed(change(payment, payment.moved(new Decision.Transition(PaymentState.SUCCEEDED, "42", at)))
                .build());
    }

    private static PaymentFilter paid(@Nullable Instant from, @Nullable Instant to) {
        return new PaymentFilter(null, null, null, null, from, to);
    }

    @Test
    default void paymentsAreListedNewestFirstAndPageByPage() {
        List<Payment> taken = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            taken.addFirst(taken(sample()));
        }
        assertThat(all(ANY, 3)).isEqualTo(taken);
        assertThat(all(ANY, 100)).isEqualTo(taken);
        assertThat(payments().list(ANY, taken.get(2).id(), 2).items()).isEqualTo(taken.subList(3, 5));
    }

    @Test
    default void aMerchantHasOpenPaymentsUntilTheLastIsFinal() {
        assertThat(payments().hasOpen(merchant(1))).isFalse();
        in(PaymentState.CLOSED, PaymentSample.of(merchant(1)).number("A"));
        taken(PaymentSample.of(merchant(2)).number("A"));
        assertThat(payments().hasOpen(merchant(1))).isFalse();
        Payment paying = in(PaymentState.PAYING, PaymentSample.of(merchant(1)).number("B"));
        assertThat(payments().hasOpen(merchant(1))).isTrue();
        changed(change(paying, paying.moved(new Decision.Transition(PaymentState.FAILED, null, null)))
                .build());
        assertThat(payments().hasOpen(merchant(1))).isFalse();
    }

    @Test
    default void anEmptyListHasAnEnd() {
        assertThat(all(ANY, 10)).isEmpty();
    }

    @Test
    default void theyAreFoundByMerchantNumberChannelAndState() {
        Payment a = taken(PaymentSample.of(merchant(1)).number("A"));
        Payment b = in(PaymentState.PAYING, PaymentSample.of(merchant(1)).number("B"));
        Payment c = in(PaymentState.CLOSED, PaymentSample.of(merchant(2)).number("A"));
        Payment d = in(
                PaymentState.PAYING, PaymentSample.of(merchant(2)).number("D").channel("alipay"));
        assertThat(all(new PaymentFilter(merchant(1), null, null, null, null, null), 1))
                .containsExactly(b, a);
        assertThat(all(new PaymentFilter(null, "A", null, null, null, null), 10))
                .containsExactly(c, a);
        assertThat(all(new PaymentFilter(merchant(2), "A", null, null, null, null), 10))
                .containsExactly(c);
        assertThat(all(new PaymentFilter(null, null, "alipay", null, null, null), 10))
                .containsExactly(d);
        assertThat(all(new PaymentFilter(null, null, null, PaymentState.PAYING, null, null), 10))
                .containsExactly(d, b);
        assertThat(all(new PaymentFilter(merchant(1), "A", "simulator", PaymentState.CREATED, null, null), 10))
                .containsExactly(a);
        assertThat(all(new PaymentFilter(merchant(1), "A", "simulator", PaymentState.PAYING, null, null), 10))
                .isEmpty();
    }

    @Test
    default void theyAreFoundByWhenTheyWerePaid() {
        taken(sample());
        Instant noon = PaymentSample.T0.plusSeconds(7_200);
        Payment before = paidAt(noon.minusMillis(1));
        Payment at = paidAt(noon);
        Payment after = paidAt(noon.plusMillis(1));
        assertThat(all(paid(noon, null), 10)).containsExactly(after, at);
        assertThat(all(paid(null, noon), 10)).containsExactly(before);
        assertThat(all(paid(noon, noon.plusMillis(1)), 10)).containsExactly(at);
    }

    @Test
    default void byTimeOfPaymentTheLatestComesFirstPageByPage() {
        Instant noon = PaymentSample.T0.plusSeconds(7_200);
        Payment third = paidAt(noon.plusMillis(2));
        Payment first = paidAt(noon);
        Payment second = paidAt(noon.plusMillis(1));
        Payment secondToo = paidAt(noon.plusMillis(1));
        Payment fourth = paidAt(noon.plusMillis(3));
        taken(sample());
        List<Payment> latestFirst = List.of(fourth, third, secondToo, second, first);
        for (int pageSize = 1; pageSize <= 6; pageSize++) {
            assertThat(all(paid(noon, null), pageSize)).isEqualTo(latestFirst);
            assertThat(all(paid(null, noon.plusMillis(3)), pageSize)).isEqualTo(latestFirst.subList(1, 5));
            assertThat(all(paid(noon.plusMillis(1), noon.plusMillis(2)), pageSize))
                    .containsExactly(secondToo, second);
        }
        PaymentFilter elsewhere = new PaymentFilter(null, null, "alipay", null, noon, null);
        assertThat(all(elsewhere, 2)).isEmpty();
        PaymentFilter numbered =
                new PaymentFilter(null, second.order().outTradeNo(), null, null, noon, noon.plusMillis(2));
        assertThat(all(numbered, 1)).containsExactly(second);
    }

    @Test
    default void everyStateIsCountedAsPaymentsMove() {
        Map<PaymentState, Long> expected = new EnumMap<>(PaymentState.class);
        int n = 1;
        for (PaymentState state : PaymentState.values()) {
            for (int i = 0; i < n; i++) {
                in(state, sample());
            }
            expected.put(state, (long) n++);
        }
        Map<PaymentState, Long> counted = new EnumMap<>(PaymentState.class);
        Arrays.stream(PaymentState.values())
                .forEach(state -> counted.put(state, payments().countByState().getOrDefault(state, 0L)));
        assertThat(counted).isEqualTo(expected);
    }

    @Test
    default void aPaymentIsFoundByTheChannelsTradeNumber() {
        Payment before = taken(sample());
        Payment paid = changed(change(
                        before,
                        before.moved(new Decision.Transition(PaymentState.SUCCEEDED, "20261123X", PaymentSample.T0)))
                .notifying()
                .build());
        paid(sample());
        PaymentFilter filter = new PaymentFilter(null, null, null, null, null, null, "20261123X", null);
        assertThat(all(filter, 10)).containsExactly(paid);
        assertThat(all(new PaymentFilter(merchant(2), null, null, null, null, null, "20261123X", null), 10))
                .isEmpty();
        assertThat(all(new PaymentFilter(null, null, null, null, null, null, "another", null), 10))
                .isEmpty();
    }

    @Test
    default void aPaymentIsFoundByWhatIsAttached() {
        Payment one = taken(sample());
        String attach = Objects.requireNonNull(one.order().checkout().attach());
        assertThat(all(new PaymentFilter(null, null, null, null, null, null, null, attach), 10))
                .containsExactly(one);
        assertThat(all(new PaymentFilter(merchant(2), null, null, null, null, null, null, attach), 10))
                .isEmpty();
        assertThat(all(new PaymentFilter(null, null, null, null, null, null, null, attach + "x"), 10))
                .isEmpty();
    }
}
