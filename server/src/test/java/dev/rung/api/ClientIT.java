package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.rung.client.Accepted;
import dev.rung.client.Acknowledge;
import dev.rung.client.Amount;
import dev.rung.client.ApiKey;
import dev.rung.client.AuditEntry;
import dev.rung.client.BatchItem;
import dev.rung.client.BulkResult;
import dev.rung.client.DiscrepancyFilter;
import dev.rung.client.KeyRole;
import dev.rung.client.Ladder;
import dev.rung.client.Merchant;
import dev.rung.client.MerchantFields;
import dev.rung.client.MerchantRole;
import dev.rung.client.NamedKey;
import dev.rung.client.NewNotification;
import dev.rung.client.NewPayment;
import dev.rung.client.NewRefund;
import dev.rung.client.Notification;
import dev.rung.client.NotificationFilter;
import dev.rung.client.NotificationState;
import dev.rung.client.Outcome;
import dev.rung.client.Page;
import dev.rung.client.Payment;
import dev.rung.client.PaymentAnswer;
import dev.rung.client.PaymentFilter;
import dev.rung.client.PaymentState;
import dev.rung.client.Refund;
import dev.rung.client.RefundAnswer;
import dev.rung.client.RefundState;
import dev.rung.client.RungClient;
import dev.rung.client.RungException;
import dev.rung.client.SavedLadder;
import dev.rung.client.Signing;
import dev.rung.client.StreamEvent;
import dev.rung.client.TimelineLine;
import dev.rung.client.WebhookVerifier;
import dev.rung.server.fixture.RungProcess;
import dev.rung.server.fixture.TestMerchant;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java client against a real server. */
class ClientIT {
    private static final String KEY = "operator-key-of-the-client-tests-32";

    private static final TestMerchant SHOP = new TestMerchant();
    private static RungProcess serving;
    private static URI server;
    private static RungClient rung;

    @BeforeAll
    static void start(@TempDir Path folder) {
        serving = new RungProcess(
                folder,
                Map.of("RUNG_API_KEY", KEY),
                "--data-dir",
                folder.resolve("data").toString(),
                "--allow-targets",
                "127.0.0.0/8",
                "--query-ladder",
                "1s,2s");
        server = serving.ready();
        rung = new RungClient(server, KEY);
    }

    @AfterAll
    static void stop() {
        serving.close();
        SHOP.close();
    }

    private static Merchant merchant() {
        return rung.createMerchant(MerchantFields.named("Tea House").withNotifyUrl(SHOP.url()));
    }

    private static RungException refused(ThrowingCallable call) {
        RungException refused = catchThrowableOfType(RungException.class, call);
        assertThat(refused).isNotNull();
        return refused;
    }

    @Test
    void merchantsAreMadeShownChangedPausedAndGivenNewSecrets() {
        Merchant made = rung.createMerchant(MerchantFields.named("Tea House")
                .withNotifyUrl(SHOP.url())
                .withLadder(Ladder.of(Duration.ofSeconds(1), Duration.ofMillis(1500)))
                .withAcknowledge(Acknowledge.JSON_CODE_SUCCESS)
                .withSigning(Signing.ED25519)
                .withHeaders(Map.of("X-Shop", "7"))
                .withMaxInFlight(5));
        assertThat(made.publicKey()).isNotNull();
        Merchant shown = rung.merchant(made.id());
        assertThat(shown.ladder()).isEqualTo(Ladder.of(Duration.ofSeconds(1), Duration.ofMillis(1500)));
        assertThat(shown.acknowledge()).isEqualTo(Acknowledge.JSON_CODE_SUCCESS);
        assertThat(shown.signing()).isEqualTo(Signing.ED25519);
        assertThat(shown.maxInFlight()).isEqualTo(5);
        assertThat(rung.updateMerchant(made.id(), MerchantFields.NONE.withLadder(Ladder.named("doubling")))
                        .ladder())
                .isEqualTo(Ladder.named("doubling"));
        assertThat(rung.pauseMerchant(made.id()).state()).isEqualTo("paused");
        assertThat(rung.resumeMerchant(made.id()).state()).isEqualTo("active");
        assertThat(rung.rotateSecret(made.id(), Duration.ofHours(1)).publicKey())
                .isNotEqualTo(made.publicKey());
        assertThat(Page.all(rung::merchants)).extracting(Merchant::id).contains(made.id());
        assertThat(refused(() -> rung.merchant("mch_0000000000000")).status()).isEqualTo(404);
    }

    @Test
    void aNotificationIsSentOnceFollowedAndVerifiedByItsReceiver() throws Exception {
        Merchant merchant = merchant();
        NewNotification wish = NewNotification.to(merchant.id(), "{\"amount\": 12.30}")
                .withOrderNo("C1")
                .withEventType("payment.succeeded")
                .withLadder(Ladder.named("doubling"))
                .withIdempotencyKey("client-1");
        Accepted accepted = rung.send(wish);
        assertThat(accepted.repeated()).isFalse();
        assertThat(rung.send(wish).repeated()).isTrue();
        String id = accepted.notification().id();
        await().until(() -> rung.notification(id).state() == NotificationState.DELIVERED);
        Notification delivered = rung.notification(id);
        assertThat(delivered.ladderName()).isEqualTo("doubling");
        assertThat(delivered.ladder()).hasSize(5).startsWith(Duration.ofSeconds(5));
        assertThat(delivered.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
            assertThat(attempt.httpStatus()).isEqualTo(200);
            assertThat(attempt.responseBody()).isEqualTo("shop's answer");
        });
        assertThat(rung.payload(id)).isEqualTo("{\"amount\": 12.30}".getBytes(StandardCharsets.UTF_8));
        TestMerchant.Received received = SHOP.received().stream()
                .filter(r -> id.equals(r.header("webhook-id")))
                .findFirst()
                .orElseThrow();
        new WebhookVerifier(merchant.signingSecret())
                .verify(received::header, received.body().getBytes(StandardCharsets.UTF_8));

        assertThat(rung.resend(id).state()).isEqualTo(NotificationState.DELIVERED);
        assertThat(refused(() -> rung.cancel(id)).status()).isEqualTo(409);
        NotificationFilter filter =
                NotificationFilter.ANY.ofMerchant(merchant.id()).ofOrder("C1").ofType("payment.succeeded");
        assertThat(Page.all(c -> rung.notifications(filter, c)))
                .extracting(Notification::id)
                .containsExactly(id);
        await().untilAsserted(
                        () -> assertThat(rung.events(merchant.id(), null, 10).data())
                                .extracting(Notification::id)
                                .containsExactly(id));
    }

    @Test
    void aKeyInAnyScriptIsOneKeyWhetherSentAloneOrInABatch() {
        Merchant merchant = merchant();
        NewNotification wish =
                NewNotification.to(merchant.id(), "{\"amount\": 12.30}").withIdempotencyKey("订单-1");
        String id = rung.send(wish).notification().id();
        assertThat(rung.send(wish).repeated()).isTrue();
        BatchItem item = rung.sendAll(List.of(wish)).getFirst();
        assertThat(item.status()).isEqualTo(200);
        assertThat(Objects.requireNonNull(item.notification()).id()).isEqualTo(id);
        assertThat(refused(() ->
                                rung.send(NewNotification.to(merchant.id(), "2").withIdempotencyKey("订单-1")))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void whatTheClientAcceptsTheServerAccepts() {
        Merchant merchant = merchant();
        rung.pauseMerchant(merchant.id());
        String deep = "[".repeat(97) + "]".repeat(97);
        String huge = "{\"n\":" + "1".repeat(5_000) + ",\"e\":1e99999999,\"half\":\"\\ud83c\"}";
        assertThat(rung.sendAll(List.of(
                        NewNotification.to(merchant.id(), deep),
                        NewNotification.to(merchant.id(), "[" + deep + "]"),
                        NewNotification.to(merchant.id(), huge),
                        NewNotification.to(merchant.id(), "{\"x\":1},\"url\":\"" + SHOP.url() + "\""),
                        NewNotification.to(merchant.id(), " \"🍵\" "))))
                .extracting(BatchItem::status)
                .containsExactly(202, 422, 202, 422, 202);
        assertThat(rung.send(NewNotification.to(merchant.id(), deep)).repeated())
                .isFalse();
        assertThat(rung.readiness().accepts()).isTrue();
        assertThat(rung.unverifiedCallbacks("simulator", true, null).data()).isEmpty();
    }

    @Test
    void aServerThatIsAwayIsPassedOver() {
        RungClient failingOver = RungClient.builder()
                .server(URI.create("http://127.0.0.1:1"))
                .server(server)
                .key(KEY)
                .build();
        assertThat(failingOver.ladders()).isNotEmpty();
    }

    @Test
    void batchesTestsCancellationsAndBulkResends() {
        Merchant merchant = merchant();
        rung.pauseMerchant(merchant.id());
        List<BatchItem> items = rung.sendAll(List.of(
                NewNotification.to(merchant.id(), "1")
                        .withDeliverAt(Instant.now().plusSeconds(3_600)),
                NewNotification.to("mch_0000000000000", "2"),
                NewNotification.to(merchant.id(), "3").withOrderNo("C2").inOrder()));
        assertThat(items).extracting(BatchItem::status).containsExactly(202, 422, 202);
        String first = Objects.requireNonNull(items.getFirst().notification()).id();
        assertThat(rung.cancel(first).state()).isEqualTo(NotificationState.CANCELLED);
        BulkResult matched = rung.resendAll(
                NotificationFilter.ANY.ofMerchant(merchant.id()).in(NotificationState.CANCELLED), true, null);
        assertThat(matched.matched()).isEqualTo(1);
        assertThat(matched.changed()).isZero();
        assertThat(rung.testMerchant(merchant.id()).merchantId()).isEqualTo(merchant.id());
    }

    @Test
    void keysOfAMerchantSeeItAlone() {
        Merchant merchant = merchant();
        assertThat(rung.portalLink(merchant.id(), MerchantRole.MANAGE, Duration.ofMinutes(1)))
                .contains("/sign-in/portal?token=");
        ApiKey key = rung.createKey(merchant.id(), MerchantRole.VIEW);
        RungClient its = new RungClient(server, String.valueOf(key.key()));
        assertThat(its.notifications(NotificationFilter.ANY, null).data()).isEmpty();
        assertThat(its.payments(PaymentFilter.ANY, null).data()).isEmpty();
        assertThat(refused(() -> its.merchants(null)).status()).isEqualTo(403);
        assertThat(rung.keys(merchant.id())).extracting(ApiKey::id).containsExactly(key.id());
        rung.deleteKey(merchant.id(), key.id());
        assertThat(refused(() -> its.notifications(NotificationFilter.ANY, null))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void laddersAreSavedAndListed() {
        SavedLadder saved = rung.putLadder("client", List.of(Duration.ofSeconds(1), Duration.ofMinutes(2)));
        assertThat(saved.steps()).containsExactly(Duration.ofSeconds(1), Duration.ofMinutes(2));
        assertThat(rung.ladders()).contains(saved).extracting(SavedLadder::name).contains("steps", "doubling");
    }

    @Test
    void theStreamTellsWhatHappensUntilTheListenerStops() {
        Merchant merchant = merchant();
        CompletableFuture<StreamEvent> told = new CompletableFuture<>();
        CompletableFuture<Void> listening = CompletableFuture.runAsync(() -> rung.stream(merchant.id(), event -> {
            told.complete(event);
            throw new CancellationException("heard enough");
        }));
        await().until(() -> {
            rung.send(NewNotification.to(merchant.id(), "1"));
            return told.isDone();
        });
        assertThat(told.join().type()).startsWith("notification.");
        assertThat(told.join().data()).contains(merchant.id());
        assertThatThrownBy(listening::join).hasMessageContaining("heard enough");
    }

    @Test
    void aPaymentGoesThroughItsLife() {
        Merchant merchant = merchant();
        NewPayment wish = NewPayment.of(merchant.id(), "C1001", new Amount(1230, "CNY"), "two teas", "simulator")
                .withChannelOptions(Map.of("outcome", "succeeds", "pay_after", "100ms"))
                .expiringIn(Duration.ofMinutes(2))
                .withLadder(Ladder.of(Duration.ofSeconds(1)));
        PaymentAnswer answer = rung.createPayment(wish);
        assertThat(answer.repeated()).isFalse();
        assertThat(rung.createPayment(wish).repeated()).isTrue();
        String id = answer.payment().id();
        await().until(() -> rung.payment(id).state().isFinal());
        Payment paid = rung.syncPayment(id);
        assertThat(paid.state()).isEqualTo(PaymentState.SUCCEEDED);
        assertThat(paid.payUrl()).startsWith("http");
        assertThat(paid.channelTradeNo()).isNotNull();
        assertThat(paid.paidAt()).isNotNull();
        assertThat(paid.ladder()).containsExactly(Duration.ofSeconds(1));
        PaymentFilter filter = PaymentFilter.ANY
                .ofMerchant(merchant.id())
                .ofNumber("C1001")
                .ofChannel("simulator")
                .in(PaymentState.SUCCEEDED)
                .paidBetween(Instant.now().minusSeconds(3_600), Instant.now().plusSeconds(3_600));
        assertThat(Page.all(c -> rung.payments(filter, c))).containsExactly(paid);
        await().untilAsserted(() -> assertThat(rung.timeline(id))
                .extracting(TimelineLine::kind)
                .contains("request", "placement", "callback", "notification"));
        TimelineLine callback = rung.timeline(id).stream()
                .filter(line -> line.callback() != null)
                .findFirst()
                .orElseThrow();
        assertThat(callback.callback().verified()).isTrue();
        NewRefund half = NewRefund.of("CR1001", new Amount(615, "CNY")).withReason("too cold");
        RefundAnswer refund = rung.createRefund(id, half);
        assertThat(refund.repeated()).isFalse();
        assertThat(rung.createRefund(id, half).repeated()).isTrue();
        String refundId = refund.refund().id();
        await().until(() -> rung.syncRefund(refundId).state().isFinal());
        assertThat(rung.refund(refundId).state()).isEqualTo(RefundState.SUCCEEDED);
        assertThat(Page.all(c -> rung.refunds(id, c)))
                .extracting(Refund::outRefundNo)
                .containsExactly("CR1001");
        assertThat(rung.payment(id).refunded()).isEqualTo(new Amount(615, "CNY"));
        RungException late = refused(() -> rung.closePayment(id));
        assertThat(late.status()).isEqualTo(409);
    }

    @Test
    void aPaymentIsClosedAndWhatIsWrongIsToldOfItsField() {
        Merchant merchant = merchant();
        Payment waiting = rung.createPayment(
                        NewPayment.of(merchant.id(), "C1002", new Amount(1230, "CNY"), "two teas", "simulator"))
                .payment();
        await().until(() -> rung.payment(waiting.id()).state() == PaymentState.PAYING);
        assertThat(rung.closePayment(waiting.id()).state()).isEqualTo(PaymentState.CLOSED);
        RungException wrong = refused(() ->
                rung.createPayment(NewPayment.of(merchant.id(), "C1003", new Amount(1, "CNY"), "two teas", "cash")));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.problem().errors())
                .singleElement()
                .satisfies(e -> assertThat(e.field()).isEqualTo("channel"));
        assertThat(rung.discrepancies(true, null).data()).isEmpty();
    }

    @Test
    void anOperatorManagesKeysAndReadsTheAuditLog() {
        NamedKey key = rung.operations().createKey("of the client's test", KeyRole.INTAKE, null);
        assertThat(rung.operations().keys()).extracting(NamedKey::id).contains(key.id());
        rung.operations().deleteKey(key.id());
        assertThat(rung.operations().keys()).extracting(NamedKey::id).doesNotContain(key.id());
        assertThat(rung.operations().audit(null, null, null, null, null).data())
                .extracting(AuditEntry::target)
                .contains(key.id());
        assertThat(rung.operations().reconciliations(null, null).data()).isEmpty();
        assertThat(rung.operations().rejected(null).data()).isEmpty();
    }

    @Test
    void bulkChangesAreCountedFirst() {
        String merchant = rung.createMerchant(MerchantFields.named("Bulk")).id();
        rung.pauseMerchant(merchant);
        rung.send(NewNotification.to(merchant, "1").withUrl("https://shop.example/"));
        NotificationFilter its = NotificationFilter.ANY.ofMerchant(merchant);
        assertThat(rung.operations().cancelAll(its, true, null)).isEqualTo(new BulkResult(1, 0, null));
        assertThat(rung.operations().cancelAll(its, false, null)).isEqualTo(new BulkResult(1, 1, null));
        assertThat(rung.operations().resolveAll(DiscrepancyFilter.ANY.ofKind("missing_here"), "none", false, null))
                .isEqualTo(new BulkResult(0, 0, null));
    }
}
