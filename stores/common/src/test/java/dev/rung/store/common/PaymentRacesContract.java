package dev.rung.store.common;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.Sample;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.model.StoredCallback;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.ApprovalStore;
import dev.rung.payments.port.PaymentSample;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Change;
import dev.rung.payments.port.PaymentStore.CreateResult;
import dev.rung.payments.port.PaymentStore.NewPayment;
import dev.rung.payments.port.PaymentStoreFixture;
import dev.rung.payments.port.RefundStore;
import dev.rung.store.spi.Stores;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two servers on one database, at the same payments at the same time. */
public interface PaymentRacesContract extends PaymentStoreFixture {
    int MANY = 100;

    /** Of the one server; empty at a test's beginning. */
    Stores stores();

    /** Of the other server. */
    Stores other();

    @Override
    default PaymentStore payments() {
        return stores().payments();
    }

    @Override
    default ApprovalStore approvals() {
        return stores().approvals();
    }

    @Override
    default RefundStore refunds() {
        return stores().refunds();
    }

    @Override
    default NotificationStore notifications() {
        return stores().notifications();
    }

    @Override
    default NotificationCatalog catalog() {
        return stores().catalog();
    }

    private List<Payment> takeMany() {
        List<NewPayment> batch =
                IntStream.range(0, MANY).mapToObj(_ -> sample().build()).toList();
        assertThat(payments().create(batch)).containsOnly(new CreateResult.Stored());
        return batch.stream().map(NewPayment::payment).toList();
    }

    private static List<Change> ends(List<Payment> payments) {
        return payments.stream().map(PaymentSample::paid).toList();
    }

    @Test
    default void ofTwoServersThatTakeTheSameNumbersOneStoresEach() {
        List<NewPayment> mine = IntStream.range(0, MANY)
                .mapToObj(i -> sample().number("N" + i).build())
                .toList();
        List<NewPayment> theirs = IntStream.range(0, MANY)
                .mapToObj(i -> sample().number("N" + i).build())
                .toList()
                .reversed();
        List<List<CreateResult>> answers = ConcurrentTasks.run(
                () -> payments().create(mine),
                () -> other().payments().create(theirs).reversed());
        for (int i = 0; i < MANY; i++) {
            Payment stored = payments().find(merchant(1), "N" + i).orElseThrow();
            boolean mineWon = stored.id().equals(mine.get(i).payment().id());
            assertThat(answers.get(mineWon ? 0 : 1).get(i)).isEqualTo(new CreateResult.Stored());
            assertThat(answers.get(mineWon ? 1 : 0).get(i)).isEqualTo(new CreateResult.Repeated(stored));
        }
        assertThat(payments().countByState()).containsEntry(PaymentState.CREATED, (long) MANY);
    }

    @Test
    default void ofTwoServersThatEndTheSamePaymentsOneWritesEach() {
        List<Payment> taken = takeMany();
        List<List<Boolean>> answers = ConcurrentTasks.run(
                () -> payments().change(ends(taken)),
                () -> other().payments().change(ends(taken.reversed())).reversed());
        for (int i = 0; i < MANY; i++) {
            assertThat(answers.get(0).get(i)).isNotEqualTo(answers.get(1).get(i));
        }
        assertThat(payments().countByState())
                .containsEntry(PaymentState.SUCCEEDED, (long) MANY)
                .doesNotContainKey(PaymentState.CREATED);
        assertThat(catalog().counts().byState().getOrDefault(DeliveryState.WAITING, 0L))
                .isEqualTo(MANY);
        assertThat(catalog().events(merchant(1), null, 1_000)).hasSize(MANY);
    }

    @Test
    default void paymentsEndWhileTheirQueriesAreSettledAndOthersAreTakenAndNothingWaitsForEver() {
        List<Payment> taken = takeMany();
        Random random = new Random(7);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            List<Payment> shuffled = new ArrayList<>(taken);
            Collections.shuffle(shuffled, random);
            PaymentStore store = round % 2 == 0 ? payments() : other().payments();
            NotificationStore queries = round % 2 == 0 ? other().notifications() : notifications();
            List<Settlement> settled = shuffled.reversed().stream()
                    .map(PaymentRacesContract::settled)
                    .toList();
            tasks.add(() -> store.change(ends(shuffled)).size() == MANY);
            tasks.add(() -> queries.settle(settled).size() == MANY);
            tasks.add(() ->
                    store.create(List.of(sample().build(), sample().build())).size() == 2);
        }
        assertThat(ConcurrentTasks.run(tasks)).containsOnly(true);
        assertThat(payments().countByState()).containsEntry(PaymentState.SUCCEEDED, (long) MANY);
        for (Payment payment : taken) {
            assertThat(query(payment).state()).isNotEqualTo(DeliveryState.WAITING);
            assertThat(query(payment).nextAttemptAt()).isNull();
        }
    }

    /** The query's first attempt found the payment over. */
    private static Settlement settled(Payment payment) {
        Wake wake = new Wake(payment.queryId(), 1, Sample.T0 + 5_000);
        Attempt attempt = new Attempt(
                PaymentSample.id(),
                1,
                wake.dueAt(),
                wake.dueAt(),
                3,
                Outcome.ACKNOWLEDGED,
                null,
                null,
                false,
                false,
                null);
        return new Settlement(wake, attempt, new NextStep.Delivered(), WakeLocation.QUEUED, null, wake.dueAt() + 3);
    }

    @Test
    default void theSameFindingsAndCallbacksOfTwoServersAreKeptOnce() {
        List<Integer> numbers = IntStream.range(0, MANY).boxed().toList();
        List<List<Boolean>> answers = ConcurrentTasks.run(
                () -> payments().report(findings(numbers)),
                () -> other().payments().report(findings(numbers.reversed())).reversed());
        for (int i = 0; i < MANY; i++) {
            assertThat(answers.get(0).get(i)).isNotEqualTo(answers.get(1).get(i));
        }
        ConcurrentTasks.run(() -> orphans(payments(), numbers), () -> orphans(other().payments(), numbers.reversed()));
        assertThat(payments().orphans(0, 1_000)).hasSize(MANY);
        assertThat(payments().openDiscrepancies(1_000)).isEqualTo(2 * MANY);
    }

    private static List<StoredDiscrepancy> findings(List<Integer> numbers) {
        return numbers.stream()
                .map(i -> PaymentSample.finding(DiscrepancyKind.MISSING_HERE, "alipay", "N" + i))
                .toList();
    }

    private static int orphans(PaymentStore store, List<Integer> numbers) {
        for (int i : numbers) {
            StoredCallback callback = PaymentSample.callback("alipay", Sample.bytes("orphan " + i), null);
            store.storeOrphan(callback, PaymentSample.finding(DiscrepancyKind.UNKNOWN_ORDER, "alipay", "N" + i));
        }
        return numbers.size();
    }

    @Test
    default void forgedCallbacksFromAllSidesStayBounded() {
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int lane = 0; lane < 8; lane++) {
            PaymentStore store = lane % 2 == 0 ? payments() : other().payments();
            tasks.add(() -> {
                for (int i = 0; i < 20; i++) {
                    store.storeUnverified(PaymentSample.forged("alipay", "forged " + i), "junk", 10);
                }
                return 20;
            });
        }
        ConcurrentTasks.run(tasks);
        payments().storeUnverified(PaymentSample.forged("alipay", "the last"), "junk", 10);
        assertThat(payments().unverified("alipay", Long.MAX_VALUE, 100)).hasSize(10);
    }
}
