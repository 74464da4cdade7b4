package dev.rung.payments.flow;

import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.flow.NotificationOutbox;
import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Signing;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationCatalog.Filter;
import dev.rung.core.port.Sample;
import dev.rung.core.port.Sender;
import dev.rung.core.port.Sender.Request;
import dev.rung.payments.memory.MemoryPaymentStore;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentEvent;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.model.StoredDiscrepancy;
import dev.rung.payments.port.PaymentSample;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Payments on in-memory stores, with a clock and a channel controlled by the test. The engine is replaced by a list of
 * its calls.
 */
final class FlowFixture {
    static final MerchantId MERCHANT = new MerchantId(2_000);
    static final Ladder QUERY_LADDER = Ladder.of("5s", "30s", "1m");

    final ManualTime time = new ManualTime(PaymentSample.T0);
    final MemoryNotificationStore notifications = new MemoryNotificationStore(time);
    final MemoryPaymentStore store = new MemoryPaymentStore(notifications, time);
    final TestChannel channel = new TestChannel();
    final List<PaymentsEvent> events = new ArrayList<>();
    final List<NewNotification> stored = new ArrayList<>();
    final List<NotificationId> changed = new ArrayList<>();
    final List<NotificationId> madeDueNow = new ArrayList<>();
    final Ids ids = new Ids(time, new SplittableRandom(1), 0);
    /** Tasks that wait for a thread while {@link #holding}. */
    final ArrayDeque<Runnable> held = new ArrayDeque<>();

    boolean holding;
    final Payments payments;

    FlowFixture() {
        Executor executor = task -> {
            if (holding) {
                held.add(task);
            } else {
                task.run();
            }
        };
        payments = UnbatchedPayments.payments(
                store,
                store.refunds(),
                List.of(channel),
                outbox(),
                new EngineRuntime(time, time, executor),
                ids,
                QUERY_LADDER,
                events::add);
        payments.start();
    }

    private NotificationOutbox outbox() {
        return new NotificationOutbox() {
            @Override
            public NewNotification prepareQuery(NotificationRequest query) {
                return prepare(query);
            }

            @Override
            public NewNotification prepare(NotificationRequest request) {
                long now = time.millis();
                return new NewNotification(
                        new NotificationId(ids.next()),
                        ReceiverId.own(request.merchantId()),
                        request.channel(),
                        new Delivery.Content(
                                Objects.requireNonNull(request.url()),
                                true,
                                request.orderNo(),
                                request.eventType(),
                                request.createdAt()),
                        request.payload(),
                        request.ladder(),
                        request.ladderName(),
                        request.ordered(),
                        request.urgent(),
                        request.deliverAt() == null ? now : request.deliverAt(),
                        WakeLocation.QUEUED,
                        request.idempotency(),
                        List.of());
            }

            @Override
            public void committed(NewNotification notification) {
                stored.add(notification);
            }

            @Override
            public void changed(NotificationId id) {
                changed.add(id);
            }

            @Override
            public void makeDueNow(NotificationId id) {
                madeDueNow.add(id);
            }
        };
    }

    static PaymentRequest request(String number) {
        return request(number, Payment.Checkout.by(PaymentMethod.QR), null);
    }

    /** A request whose payer's code is charged. */
    static PaymentRequest charge(String number) {
        return request(number, Payment.Checkout.by(PaymentMethod.BARCODE), "134650109137345678");
    }

    static PaymentRequest request(String number, Payment.Checkout checkout, @Nullable String authCode) {
        Payment.Order order = new Payment.Order(
                MERCHANT,
                number,
                PaymentSample.PRICE,
                "two teas",
                "simulator",
                "https://shop.example/notify",
                Ladder.of("3s"),
                null,
                null,
                checkout);
        return new PaymentRequest(order, PaymentSample.EXPIRES_IN, Sample.sha256(number), authCode);
    }

    Payment placed() {
        return placed("T1");
    }

    Payment placed(String number) {
        CompletionStage<PlaceResult> placing = payments.place(request(number));
        return ((PlaceResult.Accepted) placing.toCompletableFuture().join()).payment();
    }

    Payment now(Payment payment) {
        return store.find(payment.id()).orElseThrow();
    }

    /** The notifications for the merchant. */
    List<NotificationDetail> merchantNotifications() {
        return notifications
                .catalog()
                .search(new Filter(MERCHANT, null, null, null, null, null), null, 100)
                .data();
    }

    List<String> timeline(Payment payment) {
        return store.timeline(payment.id(), 100).stream()
                .map(PaymentEvent::detail)
                .toList();
    }

    /** The discrepancies reported to the listener. */
    List<StoredDiscrepancy> reportedDiscrepancies() {
        return events.stream()
                .filter(PaymentsEvent.DiscrepancyFound.class::isInstance)
                .map(e -> ((PaymentsEvent.DiscrepancyFound) e).discrepancy())
                .toList();
    }

    /** The settings that a query's request carries; queries do not use them. */
    public static Receiver receiver() {
        return Receiver.of(null, Receiver.Keys.of(Signing.HMAC, new byte[0], null));
    }

    /** Makes a compensating query as the engine would. */
    CompletionStage<Sender.Result> querying(Payment payment) {
        return querying(payment.queryId());
    }

    private CompletionStage<Sender.Result> querying(NotificationId id) {
        Delivery delivery =
                Objects.requireNonNull(notifications.findDeliveries(List.of(id)).getFirst());
        return payments.sender(new NoSender())
                .send(new Sender.Request(
                        delivery.id(),
                        delivery.kind(),
                        delivery.receiver(),
                        receiver(),
                        delivery.content(),
                        Objects.requireNonNull(delivery.payload()),
                        delivery.attemptsMade() + 1,
                        time.millis()));
    }

    Sender.Result query(NotificationId id) {
        return querying(id).toCompletableFuture().getNow(null);
    }

    Sender.Result query(Payment payment) {
        return querying(payment).toCompletableFuture().getNow(null);
    }

    void expire(Payment payment) {
        time.take(Duration.between(time.instant(), payment.expiresAt()));
    }

    /** Merchants are not notified in these tests. */
    static final class NoSender implements Sender {
        @Override
        public CompletionStage<Result> send(Request request) {
            throw new AssertionError("asked to notify " + request.to());
        }

        @Override
        public void close() {}
    }
}
