package dev.rung.core.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.flow.ManualWakeQueue.HandReceipt;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Endpoint;
import dev.rung.core.model.EndpointId;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationRequest;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Signing;
import dev.rung.core.port.NotificationStore;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One submission, several receivers. */
class FanOutTest {
    private static final MerchantId MERCHANT = FlowFixture.ACTIVE;
    private static final EndpointId CRM = new EndpointId(6_001);

    private final FlowFixture fixture = new FlowFixture();

    private static Endpoint endpoint(EndpointId id, String... events) {
        return new Endpoint(
                id,
                "CRM",
                List.of(events),
                Receiver.of("https://crm.example/hook", Receiver.Keys.of(Signing.HMAC, new byte[0], null)),
                0);
    }

    private void add(Endpoint endpoint) {
        fixture.merchants.update(MERCHANT, m -> m.withEndpoint(endpoint));
        fixture.engine.merchantChanged(MERCHANT);
    }

    private NotificationStore.Acceptance accept(@Nullable String url, @Nullable String eventType) {
        return fixture.engine
                .accept(new NotificationRequest(
                        MERCHANT,
                        url,
                        null,
                        eventType,
                        new byte[] {'1'},
                        Ladder.of("3s"),
                        null,
                        false,
                        fixture.now(),
                        null,
                        false,
                        null))
                .toCompletableFuture()
                .join();
    }

    private List<ReceiverId> sentTo() {
        return fixture.sent.stream().map(request -> request.to()).toList();
    }

    @Test
    void eachMatchingReceiverIsSentItsOwnWithItsOwnLadder() {
        fixture.start();
        add(endpoint(CRM, "payment.*"));
        add(endpoint(new EndpointId(6_002), "refund.*"));

        accept("https://other.example/", "payment.succeeded");

        assertThat(sentTo()).containsExactly(ReceiverId.own(MERCHANT), new ReceiverId(MERCHANT, CRM));
        assertThat(fixture.sent)
                .extracting(request -> request.content().url())
                .containsExactly("https://other.example/", "https://crm.example/hook");
        assertThat(fixture.sent)
                .extracting(request -> request.content().eventOf(request.id()))
                .containsOnly(fixture.sent
                        .getFirst()
                        .content()
                        .eventOf(fixture.sent.getFirst().id()));
        assertThat(fixture.store.catalog().all())
                .extracting(n -> n.ladder().steps().size())
                .containsExactly(
                        1, Ladder.presets().get(Ladder.DEFAULT_NAME).steps().size());
    }

    @Test
    void withoutAnyReceiverNothingIsAccepted() {
        fixture.start();
        fixture.merchants.update(MERCHANT, m -> m.withReceiver(m.receiver().withUrl(null)));
        add(endpoint(CRM, "payment.closed"));
        assertThatThrownBy(() -> accept(null, "payment.failed")).isInstanceOf(NoReceiver.class);
        assertThatThrownBy(() -> accept(null, null)).isInstanceOf(NoReceiver.class);
        accept(null, "payment.closed");
        assertThat(sentTo()).containsExactly(new ReceiverId(MERCHANT, CRM));
    }

    @Test
    void aDeliveryWhoseReceiverWasDeletedIsCancelledWhenItIsDue() {
        fixture.start();
        add(endpoint(CRM, "*"));
        fixture.outcome = Outcome.DECLINED;
        accept(null, null);
        assertThat(fixture.sent).hasSize(2);

        fixture.merchants.update(MERCHANT, m -> m.withoutEndpoint(CRM));
        fixture.pass(Duration.ofSeconds(2)); // until the change is seen
        List.copyOf(fixture.queue.scheduled).forEach(wake -> fixture.queue.deliver(wake, false, new HandReceipt()));

        NotificationDetail orphan = fixture.store.catalog().all().getLast();
        assertThat(orphan.receiver().endpoint()).isEqualTo(CRM);
        assertThat(orphan.state()).isEqualTo(DeliveryState.CANCELLED);
        assertThat(orphan.attemptsMade()).isEqualTo(1);
        assertThat(fixture.events).hasAtLeastOneElementOfType(FlowEvent.ReceiverDeleted.class);
    }
}
