package dev.rung.store.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.ClusterStore;
import dev.rung.core.port.ClusterStoreContract;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.MerchantStoreContract;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.Sample;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.port.PaymentSample;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.NewPayment;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ShardedStoresIT implements MerchantStoreContract, ClusterStoreContract {
    @RegisterExtension
    static final ShardedScene scene = new ShardedScene();

    /** Their buckets are in the first and in the second shard. */
    private static final MerchantId LOW = new MerchantId(10_000 << 8);

    private static final MerchantId HIGH = new MerchantId((10_000 << 8) + 1);

    @Override
    public MerchantStore merchants() {
        return scene.stores.merchants();
    }

    @Override
    public ClusterStore cluster() {
        return scene.stores.cluster();
    }

    private static List<NewNotification> accepted(int count) {
        List<NewNotification> batch = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batch.add(Sample.of(i % 3 == 0 ? LOW : HIGH).build());
        }
        assertThat(scene.stores.notifications().accept(batch)).hasSize(count);
        return batch;
    }

    @Test
    void aBatchIsDividedByMerchantAndAnIdNamesItsShard() {
        List<NotificationId> ids = accepted(6).stream().map(NewNotification::id).toList();
        NotificationStore store = scene.stores.notifications();

        assertThat(scene.rowsInFirstShard(ids)).containsExactly(ids.get(0), ids.get(3));
        assertThat(store.findDeliveries(ids)).extracting("id").isEqualTo(ids);
    }

    @Test
    void aListOverAllMerchantsIsMergedPageByPage() {
        List<NotificationId> newestFirst = accepted(23).stream()
                .map(NewNotification::id)
                .sorted(Comparator.reverseOrder())
                .toList();
        List<NotificationId> seen = new ArrayList<>();
        NotificationId before = null;
        do {
            NotificationCatalog.Page page = scene.stores.catalog().search(NotificationCatalog.Filter.ANY, before, 5);
            page.data().stream().map(NotificationDetail::id).forEach(seen::add);
            before = page.next();
        } while (before != null);
        assertThat(seen).isEqualTo(newestFirst);
        assertThat(scene.stores.catalog().counts().byState().values()).containsExactly(23L);
    }

    @Test
    void paymentsOfTheSameMomentAreListedOnceEach() {
        PaymentStore payments = scene.stores.payments();
        List<PaymentId> paid = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            NewPayment created = PaymentSample.of(i % 3 == 0 ? LOW : HIGH).build();
            payments.create(List.of(created));
            assertThat(payments.change(List.of(PaymentSample.paid(created.payment()))))
                    .containsExactly(true);
            paid.addFirst(created.payment().id());
        }
        PaymentFilter byTime = new PaymentFilter(null, null, null, null, PaymentSample.T0, null);
        List<PaymentId> seen = new ArrayList<>();
        PaymentId before = null;
        do {
            PaymentStore.Page<Payment, PaymentId> page = payments.list(byTime, before, 3);
            page.items().stream().map(Payment::id).forEach(seen::add);
            before = page.next();
        } while (before != null);
        assertThat(seen).isEqualTo(paid);
    }
}
