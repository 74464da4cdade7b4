package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.memory.StoreFaults;
import dev.rung.core.model.MerchantId;
import dev.rung.core.port.StoreException;
import dev.rung.payments.memory.MemoryPaymentStore;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentSample;
import dev.rung.payments.port.PaymentStore.CreateResult;
import dev.rung.payments.port.PaymentStore.NewPayment;
import dev.rung.payments.port.RefundSample;
import dev.rung.payments.port.RefundStore;
import dev.rung.payments.port.RefundStore.NewRefund;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PaymentWriterTest {
    private static final MerchantId MERCHANT = new MerchantId(2_000);

    private final MemoryNotificationStore notifications = new MemoryNotificationStore(InstantSource.system());
    private final MemoryPaymentStore store = new MemoryPaymentStore(notifications, InstantSource.system());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<RuntimeException> defects = new ArrayList<>();
    private final PaymentWriter commits = PaymentWriter.batched(store, store.refunds(), threads, 1, defects::add);

    @AfterEach
    void endThreads() {
        threads.close();
        assertThat(defects).isEmpty();
    }

    private Payment taken() {
        NewPayment item = PaymentSample.of(MERCHANT).build();
        assertThat(commits.create(item)).isEqualTo(new CreateResult.Stored());
        return item.payment();
    }

    @Test
    void whatIsWrittenAloneIsWritten() {
        Payment payment = taken();
        assertThat(commits.change(PaymentSample.paid(payment))).isTrue();
        assertThat(commits.change(PaymentSample.paid(payment))).isFalse();
        assertThat(store.find(payment.id()).orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void whatComesAfterTheEndIsRefusedLikeByAStoreThatIsAway() {
        threads.close();
        assertThatThrownBy(() -> commits.create(PaymentSample.of(MERCHANT).build()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("stopping");
    }

    @Test
    void whatComesMeanwhileIsWrittenTogether() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch gathered = new CountDownLatch(1);
        ConcurrentHashMap<String, Integer> transactions = new ConcurrentHashMap<>();
        notifications.failing(method -> {
            transactions.merge(method, 1, Integer::sum);
            writing.countDown();
            await(gathered);
            return StoreFaults.Fault.NONE;
        });
        List<Future<CreateResult>> answers = new ArrayList<>();
        answers.add(
                threads.submit(() -> commits.create(PaymentSample.of(MERCHANT).build())));
        writing.await();
        CountDownLatch begun = new CountDownLatch(50);
        for (int i = 0; i < 50; i++) {
            answers.add(threads.submit(() -> {
                begun.countDown();
                return commits.create(PaymentSample.of(MERCHANT).build());
            }));
        }
        begun.await();
        gathered.countDown();
        for (Future<CreateResult> answer : answers) {
            assertThat(answer.get()).isEqualTo(new CreateResult.Stored());
        }
        assertThat(transactions.get("take")).isLessThan(51);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void ofSeveralChangesToOnePaymentInABatchOneIsWritten() throws Exception {
        Payment payment = taken();
        Payment other = taken();
        List<Future<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(threads.submit(() -> commits.change(PaymentSample.paid(payment))));
        }
        answers.add(threads.submit(() -> commits.change(PaymentSample.paid(other))));
        int written = 0;
        for (Future<Boolean> answer : answers) {
            written += answer.get() ? 1 : 0;
        }
        assertThat(written).isEqualTo(2);
        assertThat(store.find(payment.id()).orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void refundsOfOnePaymentInABatchStayWithinWhatWasPaid() throws Exception {
        Payment payment = taken();
        assertThat(commits.change(PaymentSample.paid(payment))).isTrue();
        Payment paid = store.find(payment.id()).orElseThrow();
        List<Future<RefundStore.CreateResult>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            NewRefund refund = RefundSample.of(paid, "R" + i, 400).build();
            answers.add(threads.submit(() -> commits.create(refund)));
        }
        int stored = 0;
        for (Future<RefundStore.CreateResult> answer : answers) {
            stored += answer.get() instanceof RefundStore.CreateResult.Stored ? 1 : 0;
        }
        assertThat(stored).isEqualTo(3);
    }

    @Test
    void whatTheStoreThrowsIsThrownAsItIs() {
        notifications.failing(method -> StoreFaults.Fault.BEFORE_COMMIT);
        assertThatThrownBy(() -> commits.create(PaymentSample.of(MERCHANT).build()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("take");
    }
}
