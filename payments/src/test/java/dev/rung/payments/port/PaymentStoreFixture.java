package dev.rung.payments.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentStore.Change;
import dev.rung.payments.port.PaymentStore.CreateResult;
import dev.rung.payments.port.PaymentStore.NewPayment;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the contract of payment stores is played on: an implementation's test says what the stores are, the rest are steps of tests. */
public interface PaymentStoreFixture {
    PaymentFilter ANY = new PaymentFilter(null, null, null, null, null, null);

    /** Empty at a test's beginning, the same within a test. */
    PaymentStore payments();

    /** In the same database. */
    RefundStore refunds();

    /** In the same database. */
    ApprovalStore approvals();

    /** In the same database. */
    NotificationStore notifications();

    /** What {@link #notifications} holds. */
    NotificationCatalog catalog();

    /** A merchant that payments may name; ids ascend with {@code n}, from 1. */
    default MerchantId merchant(int n) {
        return new MerchantId(10_000 + n);
    }

    default PaymentSample sample() {
        return PaymentSample.of(merchant(1));
    }

    default Payment taken(PaymentSample sample) {
        return taken(sample.build());
    }

    default Payment taken(NewPayment item) {
        assertThat(payments().create(List.of(item))).containsExactly(new CreateResult.Stored());
        return payment(item.payment().id());
    }

    default Payment payment(PaymentId id) {
        return payments().find(id).orElseThrow();
    }

    /** Writes a change and answers the payment as it is then. */
    default Payment changed(Change change) {
        assertThat(payments().change(List.of(change))).containsExactly(true);
        return payment(change.before().id());
    }

    default Payment paid(PaymentSample sample) {
        return changed(PaymentSample.paid(taken(sample)));
    }

    default @Nullable Delivery delivery(NotificationId id) {
        return notifications().findDeliveries(List.of(id)).getFirst();
    }

    default Delivery query(Payment payment) {
        return Objects.requireNonNull(delivery(payment.queryId()), "the record of the query");
    }

    default List<Payment> all(PaymentFilter filter, int pageSize) {
        return all((PaymentId before) -> payments().list(filter, before, pageSize));
    }

    default List<StoredDiscrepancy> allDiscrepancies(boolean openOnly, int pageSize) {
        return all((DiscrepancyId before) -> payments().discrepancies(openOnly, before, pageSize));
    }

    private static <T, C> List<T> all(Function<@Nullable C, Page<T, C>> pages) {
        List<T> all = new ArrayList<>();
        @Nullable C next = null;
        do {
            Page<T, C> page = pages.apply(next);
            all.addAll(page.items());
            next = page.next();
        } while (next != null);
        return all;
    }
}
