package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore.Settled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an attempt that was throttled does to a record: it uses up no rung, and the latest are kept. */
public interface ThrottledSettleContract extends StoreFixture {

    @Test
    default void aThrottledAttemptUsesUpNoRung() {
        NotificationId id = accept(sample());
        Settlement throttled = throttled(wake(id), Sample.T0 + 1_020);

        assertThat(settle(throttled)).isEqualTo(new Settled.Applied(new Wake(id, 2, Sample.T0 + 1_020), false));

        Delivery delivery = look(id);
        assertThat(delivery.state()).isEqualTo(DeliveryState.WAITING);
        assertThat(delivery.nextAttemptAt()).isEqualTo(Sample.T0 + 1_020);
        assertThat(delivery.rung()).isZero();
        assertThat(delivery.attemptsMade()).isZero();
        assertThat(delivery.throttledSince()).isEqualTo(throttled.endedAt());
        assertThat(detail(id).throttledCount()).isEqualTo(1);

        settle(throttled(wake(id), Sample.T0 + 3_000));
        assertThat(look(id).throttledSince()).as("since the first").isEqualTo(throttled.endedAt());

        settle(success(wake(id), 1));
        assertThat(detail(id).attemptsMade()).isEqualTo(1);
        assertThat(detail(id).throttledCount()).isEqualTo(2);
    }

    @Test
    default void theLatestThrottledAttemptsAreKept() {
        NotificationId id = accept(sample());
        settle(failure(wake(id), 1, Sample.T0 + 1_000));
        List<Long> throttled = new ArrayList<>();
        for (int i = 0; i < Delivery.THROTTLED_KEPT + 3; i++) {
            Settlement settlement = throttled(wake(id), Sample.T0 + 1_000);
            throttled.add(settlement.attempt().id());
            settle(settlement);
        }
        List<Long> kept = catalog().attempts(id).stream().map(Attempt::id).toList();
        assertThat(kept).hasSize(1 + Delivery.THROTTLED_KEPT).endsWith(throttled.getLast());
        assertThat(kept).doesNotContain(throttled.get(0), throttled.get(1), throttled.get(2));
        assertThat(detail(id).throttledCount()).isEqualTo(throttled.size());
    }

    @Test
    default void aDeliveredOneThatIsResentAndThrottledStaysDeliveredAndDue() {
        NotificationId id = accept(sample());
        settle(success(wake(id), 1));
        store().resend(List.of(id), null, true, Sample.T0 + 100);
        assertThat(look(id).urgent()).isTrue();

        settle(throttled(wake(id), Sample.T0 + 2_000));

        assertThat(look(id).state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(look(id).nextAttemptAt()).isEqualTo(Sample.T0 + 2_000);
        assertThat(look(id).urgent()).isFalse();
    }

    private Settlement throttled(Wake wake, long dueAt) {
        return settlement(wake, 1, Outcome.THROTTLED, new NextStep.Throttled(dueAt), WakeLocation.QUEUED);
    }
}
