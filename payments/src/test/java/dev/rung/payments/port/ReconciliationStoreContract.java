package dev.rung.payments.port;

import static dev.rung.payments.port.PaymentSample.T0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.payments.model.ReconciliationId;
import dev.rung.payments.model.StoredReconciliation;
import dev.rung.payments.port.PaymentStore.Page;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of stores of reconciliations. The store is empty before each test. */
public interface ReconciliationStoreContract {
    LocalDate DAY = LocalDate.of(2026, 11, 23);
    Instant LATER = T0.plusSeconds(900);

    ReconciliationStore reconciliations();

    private static StoredReconciliation fresh(String channel, LocalDate day) {
        return new StoredReconciliation(
                new ReconciliationId(PaymentSample.id()), channel, day, T0, null, null, null, null);
    }

    private boolean take(String channel, LocalDate day, Instant now) {
        return reconciliations().take(fresh(channel, day), now, now.plusSeconds(900));
    }

    private StoredReconciliation found(String channel, LocalDate day) {
        return reconciliations().find(channel, day).orElseThrow();
    }

    @Test
    default void aDayIsTakenByOneUntilItsTimeIsOver() {
        StoredReconciliation fresh = fresh("alipay", DAY);
        assertThat(reconciliations().find("alipay", DAY)).isEmpty();
        assertThat(reconciliations().take(fresh, T0, LATER)).isTrue();
        assertThat(found("alipay", DAY)).isEqualTo(fresh);
        assertThat(reconciliations().find(fresh.id())).contains(fresh);
        assertThat(take("alipay", DAY, LATER.minusMillis(1))).isFalse();
        assertThat(take("alipay", DAY, LATER)).isTrue();
        assertThat(found("alipay", DAY)).isEqualTo(fresh);
        assertThat(take("alipay", DAY.plusDays(1), T0)).isTrue();
        assertThat(take("wechatpay", DAY, T0)).isTrue();
    }

    @Test
    default void aDayIsDelayedThenFinishedOnce() {
        take("alipay", DAY, T0);
        reconciliations().delay("alipay", DAY, "the bill is not ready, 账单生成中");
        assertThat(found("alipay", DAY).problem()).isEqualTo("the bill is not ready, 账单生成中");
        assertThat(found("alipay", DAY).isFinished()).isFalse();
        reconciliations().finish("alipay", DAY, LATER, "{\"differences\":0}", "PAYMENT\tpay_1\t\t茶\n");
        StoredReconciliation finished = found("alipay", DAY);
        assertThat(finished.finishedAt()).isEqualTo(LATER);
        assertThat(finished.problem()).isNull();
        assertThat(finished.report()).isEqualTo("{\"differences\":0}");
        assertThat(finished.suspended()).isEqualTo("PAYMENT\tpay_1\t\t茶\n");
        reconciliations().delay("alipay", DAY, "too late");
        reconciliations().finish("alipay", DAY, LATER.plusSeconds(1), "{}", "");
        assertThat(found("alipay", DAY)).isEqualTo(finished);
        assertThat(take("alipay", DAY, LATER.plusSeconds(10_000))).isFalse();
    }

    @Test
    default void aDayIsGivenUpOnce() {
        take("alipay", DAY, T0);
        reconciliations().giveUp("alipay", DAY, LATER, "no bill, 无账单", "PAYMENT\tpay_1\t\t\n");
        StoredReconciliation ended = found("alipay", DAY);
        assertThat(ended.isGivenUp()).isTrue();
        assertThat(ended.finishedAt()).isEqualTo(LATER);
        assertThat(ended.problem()).isEqualTo("no bill, 无账单");
        assertThat(ended.suspended()).isEqualTo("PAYMENT\tpay_1\t\t\n");
        reconciliations().finish("alipay", DAY, LATER, "{}", "");
        assertThat(found("alipay", DAY)).isEqualTo(ended);
        assertThat(take("alipay", DAY, LATER.plusSeconds(10_000))).isFalse();
    }

    @Test
    default void ofSeveralWhoTakeTheSameDayOneGetsIt() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Instant now : List.of(T0, LATER)) {
                List<Future<Boolean>> answers = threads.invokeAll(IntStream.range(0, 8)
                        .<Callable<Boolean>>mapToObj(i -> () -> take("alipay", DAY, now))
                        .toList());
                int taken = 0;
                for (Future<Boolean> answer : answers) {
                    taken += answer.get() ? 1 : 0;
                }
                assertThat(taken).isEqualTo(1);
            }
        }
    }

    @Test
    default void theyAreListedNewestFirstAndPageByPage() {
        for (int i = 0; i < 5; i++) {
            take("alipay", DAY.plusDays(i), T0);
            take("wechatpay", DAY.plusDays(i), T0);
        }
        List<LocalDate> days = new ArrayList<>();
        ReconciliationId before = null;
        do {
            Page<StoredReconciliation, ReconciliationId> page =
                    reconciliations().list("alipay", before, 2);
            page.items().forEach(each -> days.add(each.day()));
            before = page.next();
        } while (before != null);
        assertThat(days).containsExactly(DAY.plusDays(4), DAY.plusDays(3), DAY.plusDays(2), DAY.plusDays(1), DAY);
        assertThat(reconciliations().list(null, null, 100).items()).hasSize(10);
    }

    @Test
    default void whatIsFinishedAndOldIsDeleted() {
        take("alipay", DAY, T0);
        take("alipay", DAY.plusDays(1), T0);
        reconciliations().finish("alipay", DAY, LATER, "{}", "");
        assertThat(reconciliations().purge(T0)).isZero();
        assertThat(reconciliations().purge(T0.plusSeconds(60))).isEqualTo(1);
        assertThat(reconciliations().find("alipay", DAY)).isEmpty();
        assertThat(reconciliations().find("alipay", DAY.plusDays(1))).isPresent();
    }
}
