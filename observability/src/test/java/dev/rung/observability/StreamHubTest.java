package dev.rung.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.core.flow.FlowEvent;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Role;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.Sample;
import dev.rung.observability.StreamHub.Subscription;
import dev.rung.payments.flow.PaymentsEvent;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.Decision;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentSample;
import dev.rung.web.Caller;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StreamHubTest {
    private static final MerchantId TEA = new MerchantId(2_001);
    private static final MerchantId COFFEE = new MerchantId(2_002);

    private static final Caller READER = new Caller(Role.OPERATOR, "key_1", "operator", null);

    private final StreamHub hub = new StreamHub(InstantSource.system());

    @Test
    void eachHearsWhatItMaySee() throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteArrayOutputStream tea = new ByteArrayOutputStream();
        Thread everything = listen(hub.subscribe(READER, null).orElseThrow(), all);
        Thread ownOnly = listen(hub.subscribe(READER, TEA).orElseThrow(), tea);
        hub.on(accepted(1, TEA));
        hub.on(accepted(2, COFFEE));
        hub.on(new FlowEvent.Resent(Sample.of(COFFEE).shown(new NotificationId(2))));
        hub.on(new FlowEvent.Cancelled(Sample.of(TEA).shown(new NotificationId(1))));
        await().until(() ->
                text(all).contains("notification.cancelled") && text(tea).contains("notification.cancelled"));
        hub.close();
        everything.join();
        ownOnly.join();
        assertThat(text(all)).contains(TEA.toString(), COFFEE.toString());
        assertThat(text(tea))
                .contains("event: notification.accepted\ndata: {\"type\":\"notification.accepted\"")
                .contains("\"state\":\"cancelled\"")
                .doesNotContain(COFFEE.toString(), "resent");
        assertThat(hub.size()).isZero();
    }

    @Test
    void aPaymentsStatesAreToldAndWhatLeavesTheStateAloneIsNot() throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Thread everything = listen(hub.subscribe(READER, null).orElseThrow(), all);
        Payment created = PaymentSample.of(TEA).build().payment();
        Payment paying = created.moved(new Decision.Transition(PaymentState.PAYING, null, null));
        Payment paid = paying.moved(new Decision.Transition(PaymentState.SUCCEEDED, "42", PaymentSample.T0));
        hub.on(new PaymentsEvent.Created(created));
        hub.on(new PaymentsEvent.StateChanged(created, paying, ChangeSource.PLACEMENT));
        hub.on(new PaymentsEvent.StateChanged(paying, paying, ChangeSource.MERCHANT));
        hub.on(new PaymentsEvent.StateChanged(paying, paid, ChangeSource.CALLBACK));
        await().until(() -> text(all).contains("succeeded"));
        hub.close();
        everything.join();
        assertThat(text(all).lines().filter(line -> line.startsWith("event: ")))
                .containsExactly("event: payment.created", "event: payment.paying", "event: payment.succeeded");
        assertThat(text(all))
                .contains("\"payment_id\":\"" + created.id() + "\",\"merchant_id\":\"" + TEA
                        + "\",\"out_trade_no\":\"" + created.order().outTradeNo()
                        + "\",\"channel\":\"simulator\",\"state\":\"succeeded\",\"source\":\"callback\"}");
    }

    @Test
    void oneWhoReadsTooSlowlyIsDisconnectedAndHoldsNoOneUp() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Thread slow = listen(hub.subscribe(READER, null).orElseThrow(), new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        });
        for (int i = 0; i < 10_000; i++) {
            hub.on(accepted(i, TEA));
        }
        goOn.countDown();
        slow.join();
        assertThat(hub.size()).isZero();
    }

    @Test
    void aStreamEndsWithItsKey() throws Exception {
        Caller revoked = new Caller(Role.MERCHANT_VIEW, "key_2", "key_2", TEA);
        Caller expired = new Caller(Role.VIEWER, "key_3", "alice", null);
        Thread tea = listen(hub.subscribe(revoked, TEA).orElseThrow(), new ByteArrayOutputStream());
        Thread alice = listen(hub.subscribe(expired, null).orElseThrow(), new ByteArrayOutputStream());
        try (Subscription other = hub.subscribe(READER, TEA).orElseThrow()) {
            hub.disconnect("key_2");
            tea.join();
            assertThat(hub.size()).isEqualTo(2);
            hub.disconnectUnless(READER::equals);
            alice.join();
            assertThat(hub.size()).isEqualTo(1);
            assertThat(other).isNotNull();
        }
        assertThat(hub.size()).isZero();
    }

    @Test
    void atMostAHundredListen() {
        List<Subscription> subscriptions = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            subscriptions.add(hub.subscribe(READER, null).orElseThrow());
        }
        assertThat(hub.subscribe(READER, null)).isEmpty();
        subscriptions.getFirst().close();
        assertThat(hub.subscribe(READER, null)).isPresent();
    }

    @Test
    void theOthersAreToldOnlyWhileTheyListen() {
        List<StreamEvent> told = new ArrayList<>();
        boolean[] listen = {false};
        hub.connect(new StreamHub.Others() {
            @Override
            public boolean listen() {
                return listen[0];
            }

            @Override
            public void publish(StreamEvent event) {
                told.add(event);
            }

            @Override
            public void ask() {
                throw new IllegalStateException("there is no listener");
            }
        });
        hub.on(accepted(1, TEA));
        assertThat(told).isEmpty();
        listen[0] = true;
        hub.on(accepted(2, TEA));
        assertThat(told).hasSize(1);
        StreamEvent read = StreamEvent.read(told.getFirst().data());
        assertThat(read.type()).isEqualTo("notification.accepted");
        assertThat(read.merchant()).isEqualTo(TEA);
    }

    private static Thread listen(Subscription subscription, OutputStream out) {
        return Thread.ofVirtual().start(() -> {
            try (subscription) {
                subscription.writeTo(out);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    private static String text(ByteArrayOutputStream out) {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static FlowEvent accepted(long id, MerchantId merchant) {
        return new FlowEvent.Accepted(new NewNotification(
                new NotificationId(id),
                ReceiverId.own(merchant),
                null,
                new Delivery.Content("https://shop.example/", true, "T1", null, 0),
                new byte[] {'1'},
                Ladder.of("1s"),
                null,
                false,
                false,
                0,
                WakeLocation.QUEUED,
                null,
                List.of()));
    }
}
