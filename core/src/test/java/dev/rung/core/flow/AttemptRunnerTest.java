package dev.rung.core.flow;

import static dev.rung.core.flow.FlowFixture.ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.flow.ManualWakeQueue.HandReceipt;
import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.memory.StoreFaults;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Ids;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Wake;
import dev.rung.core.port.Sample;
import dev.rung.core.port.Sender;
import dev.rung.core.port.Sender.Request;
import dev.rung.core.port.WakeQueue.WakeMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The order of an attempt's steps: sent, stored, next wake confirmed, settled. */
class AttemptRunnerTest {
    private final ManualRuntime time = new ManualRuntime();
    private final MemoryNotificationStore store = new MemoryNotificationStore(time.clock);
    private final ManualWakeQueue queue = new ManualWakeQueue();
    private final List<FlowEvent> events = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();
    private final AttemptRunner runner = new AttemptRunner(
            store,
            time.runtime,
            EngineLimits.DEFAULT,
            new Ids(time.clock, new Random(1), 0),
            new WakeScheduler(store, queue, time.runtime, events::add),
            new StoreGate(queue, events::add),
            events::add);
    private final NewNotification notification = Sample.of(ACTIVE).build();
    private CompletableFuture<Sender.Result> answer = new CompletableFuture<>();

    private final AttemptRunner.Listener listener = new AttemptRunner.Listener() {
        @Override
        public void notSent(InFlightDelivery inFlight) {
            steps.add("not sent");
        }

        @Override
        public @Nullable Duration ended(
                InFlightDelivery inFlight, Outcome outcome, Duration took, @Nullable Duration retryAfter) {
            steps.add("ended " + outcome);
            return null;
        }

        @Override
        public void settled(InFlightDelivery inFlight) {
            steps.add("settled");
        }

        @Override
        public void released(ReceiverId merchant, @Nullable String orderNo) {
            steps.add("released " + orderNo);
        }
    };

    @BeforeEach
    void aNotificationIsStored() {
        store.accept(List.of(notification));
        queue.unconfirmed = new ArrayList<>();
        runner.start(new Sender() {
            @Override
            public CompletionStage<Result> send(Request request) {
                steps.add("sent");
                return answer;
            }

            @Override
            public void close() {}
        });
    }

    @Test
    void aDeliveredOneIsSettledByItsCommit() {
        runner.begin(inFlight(), listener);
        assertThat(steps).containsExactly("sent");
        answer.complete(result(Outcome.ACKNOWLEDGED));
        assertThat(steps).containsExactly("sent", "ended ACKNOWLEDGED", "settled");
        assertThat(stored().state()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void aFailedOneIsSettledWhenItsNextWakeIsConfirmed() {
        runner.begin(inFlight(), listener);
        answer.complete(result(Outcome.DECLINED));
        assertThat(steps).containsExactly("sent", "ended DECLINED");
        assertThat(queue.scheduled).hasSize(1);
        queue.confirm();
        assertThat(steps).endsWith("settled");
    }

    /** The slot is freed when the request ends, not when the store is back. */
    @Test
    void aSettlementIsRetriedUntilTheStoreTakesIt() {
        InFlightDelivery inFlight = inFlight();
        store.failing(method -> StoreFaults.Fault.BEFORE_COMMIT);
        runner.begin(inFlight, listener);
        answer.complete(result(Outcome.ACKNOWLEDGED));
        time.pass(Duration.ofSeconds(30));
        assertThat(steps).containsExactly("sent", "ended ACKNOWLEDGED");
        assertThat(queue.paused).isTrue();
        store.failing(StoreFaults.NONE);
        time.pass(Duration.ofSeconds(2));
        assertThat(steps).endsWith("settled");
        assertThat(queue.paused).isFalse();
    }

    @Test
    void aCommitWhoseAnswerWasLostIsNotRepeated() {
        InFlightDelivery inFlight = inFlight();
        List<StoreFaults.Fault> faults = new ArrayList<>(List.of(StoreFaults.Fault.AFTER_COMMIT));
        store.failing(method -> faults.isEmpty() ? StoreFaults.Fault.NONE : faults.removeFirst());
        runner.begin(inFlight, listener);
        answer.complete(result(Outcome.ACKNOWLEDGED));
        time.pass(Duration.ofSeconds(2));
        assertThat(steps).endsWith("settled");
        assertThat(stored().attemptsMade()).isEqualTo(1);
    }

    /** What the store cannot write for another reason than its own absence may be the response: it is left out. */
    @Test
    void aResponseThatCannotBeStoredIsLeftOut() {
        InFlightDelivery inFlight = inFlight();
        store.failing(method -> {
            throw new IllegalStateException("a defect");
        });
        runner.begin(inFlight, listener);
        answer.complete(
                new Sender.Result(Outcome.DECLINED, new Attempt.Answer(500, "", new byte[] {1}), "500", null, null));
        time.pass(Duration.ofSeconds(20));
        store.failing(StoreFaults.NONE);
        time.pass(Duration.ofSeconds(2));
        FlowEvent.Attempted attempted = events.stream()
                .filter(FlowEvent.Attempted.class::isInstance)
                .map(FlowEvent.Attempted.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(Objects.requireNonNull(attempted.attempt().answer()).body()).isEmpty();
        assertThat(attempted.attempt().answer().status()).isEqualTo(500);
    }

    @Test
    void anAttemptOvertakenByAChangeIsRecordedAsSuperseded() {
        InFlightDelivery inFlight = inFlight();
        runner.begin(inFlight, listener);
        store.rearm(List.of(inFlight.message.wake()), false);
        answer.complete(result(Outcome.DECLINED));
        assertThat(steps).endsWith("settled");
        assertThat(events).hasAtLeastOneElementOfType(FlowEvent.Superseded.class);
        assertThat(stored().attemptsMade()).isZero();
    }

    @Test
    void aSenderThatFailsIsADefectAndTheMerchantNotReached() {
        answer = CompletableFuture.failedFuture(new IllegalStateException("a defect"));
        runner.begin(inFlight(), listener);
        assertThat(steps).containsExactly("sent", "ended UNREACHABLE");
        assertThat(events).hasAtLeastOneElementOfType(FlowEvent.Defect.class);
    }

    private static Sender.Result result(Outcome outcome) {
        return new Sender.Result(outcome, null, null, null, null);
    }

    private Delivery stored() {
        return Objects.requireNonNull(
                store.findDeliveries(List.of(notification.id())).getFirst());
    }

    private InFlightDelivery inFlight() {
        Delivery delivery = stored();
        Wake wake = new Wake(delivery.id(), delivery.wakeNumber(), notification.dueAt());
        return new InFlightDelivery(
                new WakeMessage(wake, false, new HandReceipt()),
                delivery,
                FlowFixture.merchant(ACTIVE, false).receiver(),
                InFlightDelivery.From.QUEUE);
    }
}
