package dev.rung.channel.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.channel.testkit.ChannelTestServer;
import dev.rung.channel.testkit.SamplePayments;
import dev.rung.payments.bank.BankOrder;
import dev.rung.payments.channel.ChannelBills;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.payments.port.PaymentChannel.Placement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedBankTest {
    private static final AtomicLong IDS = new AtomicLong(1);

    @TempDir
    private Path dataDir;

    private static SimulatorFixture fixture;

    /** A bank for each: it repeats callbacks that were not acknowledged. */
    @BeforeEach
    void open() {
        fixture = new SimulatorFixture(dataDir);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static Payment placed(@Nullable String options) {
        Payment payment = SimulatorFixture.payment(IDS.getAndAdd(2), options);
        assertThat(fixture.channel.place(payment)).isInstanceOf(Placement.Placed.class);
        return payment;
    }

    private static String payUrl(Payment payment) {
        return ((Placement.Placed) fixture.channel.place(payment)).payUrl();
    }

    private static Evidence queried(Payment payment) {
        return fixture.channel.query(payment).evidence();
    }

    private static void awaitCallbacks(int count) {
        await().until(() -> fixture.callbacks().size() >= count);
    }

    private static Evidence said(PaymentChannel.Callback callback) {
        assertThat(callback).isInstanceOf(PaymentChannel.Callback.Verified.class);
        return ((PaymentChannel.Callback.Verified) callback).evidence();
    }

    @Test
    void anOrderWaitsForAPersonWhoPaysAndThePlatformIsTold() {
        Payment payment = placed(null);
        String payUrl = payUrl(payment);
        assertThat(payUrl).startsWith(fixture.url() + "/pay/");
        assertThat(queried(payment)).isEqualTo(new Evidence.Unpaid());

        assertThat(fixture.browse(payUrl, "pay", "en").statusCode()).isEqualTo(303);
        awaitCallbacks(1);
        BankOrder paid = fixture.order(payment);
        Evidence.Paid evidence = new Evidence.Paid(paid.terms().tradeNo(), Money.of(1230, "CNY"), paid.settledAt());
        assertThat(fixture.callbacks().getFirst())
                .isEqualTo(new PaymentChannel.Callback.Verified(payment.id().toString(), evidence));
        assertThat(queried(payment)).isEqualTo(evidence);
        assertThat(fixture.channel.close(payment).evidence()).isEqualTo(evidence);
        await().until(() -> fixture.order(payment).acknowledged());
    }

    private static Payment by(PaymentMethod method, @Nullable String options) {
        return SimulatorFixture.payment(IDS.getAndAdd(2), options, Payment.Checkout.by(method));
    }

    @Test
    void aScannedCodePaysAtOnce() {
        Payment payment = by(PaymentMethod.BARCODE, null);
        assertThat(fixture.channel.charge(payment, "134650109137345678").evidence())
                .isInstanceOf(Evidence.Paid.class);
        awaitCallbacks(1);
        assertThat(said(fixture.callbacks().getFirst())).isInstanceOf(Evidence.Paid.class);
    }

    @Test
    void aPayerWhoDoesNotConfirmIsCancelled() {
        Payment payment = by(PaymentMethod.BARCODE, "{\"outcome\":\"never\"}");
        assertThat(fixture.channel.charge(payment, "134650109137345678").evidence())
                .isEqualTo(new Evidence.Unpaid());
        assertThat(fixture.channel.close(payment).evidence()).isEqualTo(new Evidence.Closed());
    }

    @Test
    void anAppIsGivenSignedParameters() {
        Placement.Placed placed = (Placement.Placed) fixture.channel.place(by(PaymentMethod.APP, null));
        assertThat(placed.payUrl()).isNull();
        assertThat(placed.payParams())
                .contains("\"pay_url\":\"" + fixture.url() + "/pay/", "\"nonce\":", "\"signature\":");
    }

    @Test
    void placingAgainChangesNothing() {
        Payment payment = placed(null);
        String payUrl = payUrl(payment);
        fixture.browse(payUrl, "fail", "en");
        assertThat(payUrl(payment)).isEqualTo(payUrl);
        assertThat(queried(payment)).isInstanceOf(Evidence.Failed.class);
        awaitCallbacks(1);
        assertThat(said(fixture.callbacks().getFirst())).isInstanceOf(Evidence.Failed.class);
    }

    @Test
    void aClosedOrderCannotBePaidAnyMore() {
        Payment payment = placed(null);
        assertThat(fixture.channel.close(payment).evidence()).isEqualTo(new Evidence.Closed());
        fixture.browse(payUrl(payment), "pay", "en");
        assertThat(queried(payment)).isEqualTo(new Evidence.Closed());
        assertThat(fixture.channel.close(payment).evidence()).isEqualTo(new Evidence.Closed());
    }

    @Test
    void anOrderClosedBeforeItsPlacementCameIsClosed() {
        Payment payment = SimulatorFixture.payment(IDS.getAndAdd(2), "{\"outcome\":\"succeeds\",\"pay_after\":\"0s\"}");
        assertThat(queried(payment)).isInstanceOf(Evidence.NotFound.class);
        assertThat(fixture.channel.close(payment).evidence()).isEqualTo(new Evidence.Closed());
        assertThat(fixture.channel.place(payment)).isInstanceOf(Placement.Placed.class);
        assertThat(queried(payment)).isEqualTo(new Evidence.Closed());
    }

    @Test
    void thePayerActsByItselfWhenAskedTo() {
        Payment pays = placed("{\"outcome\":\"succeeds\",\"pay_after\":\"50ms\"}");
        Payment cannot = placed("{\"outcome\":\"fails\",\"pay_after\":\"50ms\"}");
        Payment never = placed("{\"outcome\":\"never\",\"pay_after\":\"0s\"}");
        awaitCallbacks(2);
        assertThat(queried(pays)).isInstanceOf(Evidence.Paid.class);
        assertThat(queried(cannot)).isInstanceOf(Evidence.Failed.class);
        assertThat(queried(never)).isEqualTo(new Evidence.Unpaid());
        BankOrder order = fixture.order(pays);
        assertThat(order.settledAt()).isAfterOrEqualTo(order.terms().placedAt().plusMillis(50));
    }

    @Test
    void aLostCallbackNeverComesThoughItIsPaid() {
        Payment payment = placed("{\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"lost\"}");
        Payment byHand = placed(null);
        fixture.browse(payUrl(byHand), "pay_and_lose", "en");
        await().until(() -> fixture.order(payment).state() == BankOrder.State.PAID);
        assertThat(queried(payment)).isInstanceOf(Evidence.Paid.class);
        assertThat(queried(byHand)).isInstanceOf(Evidence.Paid.class);
        assertThat(fixture.order(payment).dueAt()).isNull();
        assertThat(fixture.order(byHand).dueAt()).isNull();
        assertThat(fixture.callbacks()).isEmpty();
    }

    @Test
    void aLateCallbackComesAfterItsDelay() {
        Payment payment = placed(
                "{\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"late\",\"callback_delay\":\"300ms\"}");
        awaitCallbacks(1);
        assertThat(fixture.order(payment).settledAt()).isBefore(Instant.now().minusMillis(299));
        assertThat(said(fixture.callbacks().getFirst())).isInstanceOf(Evidence.Paid.class);
    }

    @Test
    void duplicatesComeTogetherAndOnceMoreLater() {
        placed("{\"pay_after\":\"0s\",\"callback\":\"duplicate\",\"callback_delay\":\"100ms\"}");
        awaitCallbacks(4);
        assertThat(fixture.callbacks())
                .hasSize(4)
                .allSatisfy(c -> assertThat(c).isEqualTo(fixture.callbacks().getFirst()));
    }

    @Test
    void aForgedCallbackIsNotBelievedWhetherItIsPaidOrNot() {
        Payment unpaid = placed("{\"outcome\":\"never\",\"pay_after\":\"0s\",\"callback\":\"forged\"}");
        awaitCallbacks(1);
        Payment paid = placed("{\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"forged\"}");
        awaitCallbacks(2);
        assertThat(fixture.callbacks())
                .allSatisfy(
                        c -> assertThat(c).isEqualTo(new PaymentChannel.Callback.Unverified("the signature is wrong")));
        assertThat(queried(unpaid)).isEqualTo(new Evidence.Unpaid());
        assertThat(queried(paid)).isInstanceOf(Evidence.Paid.class);
    }

    @Test
    void aWrongAmountIsSignedButTheQueryTellsTheTruth() {
        Payment payment = placed("{\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"wrong-amount\"}");
        awaitCallbacks(1);
        assertThat(((Evidence.Paid) said(fixture.callbacks().getFirst())).amount())
                .isEqualTo(Money.of(1, "CNY"));
        assertThat(((Evidence.Paid) queried(payment)).amount()).isEqualTo(Money.of(1230, "CNY"));
    }

    @Test
    void anUnansweredQueryLeavesEverythingUnknownButClosingIsAnswered() {
        Payment payment = placed(
                "{\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"lost\",\"query\":\"unavailable\"}");
        assertThat(queried(payment))
                .isEqualTo(new Evidence.Unknown("the bank responded with status 503: queries are unavailable"));
        await().until(() -> fixture.order(payment).state() == BankOrder.State.PAID);
        assertThat(fixture.channel.close(payment).evidence()).isInstanceOf(Evidence.Paid.class);
    }

    @Test
    void aCallbackIsRepeatedUntilItIsAcknowledged() {
        fixture.server.rejectCallbacks(1);
        Payment payment = placed("{\"outcome\":\"succeeds\",\"pay_after\":\"0s\"}");
        awaitCallbacks(1);
        await().until(() -> fixture.order(payment).callbacks() == 1);
        BankOrder told = fixture.order(payment);
        assertThat(told.acknowledged()).isFalse();
        assertThat(told.dueAt()).isNotNull();
        // As if the wait were over.
        BankOrder due = new BankOrder(
                told.terms(), told.behavior(), told.state(), told.settledAt(), 1, false, Instant.EPOCH, told.version());
        assertThat(fixture.ledger().change(told, due)).isTrue();
        awaitCallbacks(2);
        await().until(() -> fixture.order(payment).acknowledged());
        assertThat(fixture.order(payment).dueAt()).isNull();
    }

    @Test
    void anyOneElsesQuestionsAreRefused() {
        var client = new dev.rung.channel.gateway.GatewayClient(null);
        SimulatorKeys others = SimulatorKeys.generate();
        // The bank's real keys to verify its answers by, but not the platform's to sign with.
        SimulatorKeys mixed = new SimulatorKeys(fixture.keys.bank(), others.platform());
        SimulatorChannel stranger = new SimulatorChannel("simulator", null, mixed, client, fixture.server);
        Payment payment = placed(null);
        assertThat(stranger.query(payment).evidence())
                .isEqualTo(new Evidence.Unknown(
                        "the bank responded with status 401: the request is not authentic: the signature is wrong"));
        // Answers that are not signed by the bank are rejected.
        SimulatorKeys wrongBank = new SimulatorKeys(others.bank(), fixture.keys.platform());
        SimulatorChannel deceived = new SimulatorChannel("simulator", null, wrongBank, client, fixture.server);
        assertThat(deceived.query(payment).evidence())
                .isEqualTo(new Evidence.Unknown("the response (200) is not authentic: the signature is wrong"));
        assertThat(deceived.place(payment)).isInstanceOf(Placement.Unclear.class);
        client.close();
    }

    @Test
    void whatCannotBeReachedIsUnknown() {
        var client = new dev.rung.channel.gateway.GatewayClient(null);
        ChannelTestServer gone = new ChannelTestServer("simulator", dataDir);
        gone.close();
        SimulatorChannel lonely = new SimulatorChannel("simulator", null, fixture.keys, client, gone);
        Payment payment = SimulatorFixture.payment(IDS.getAndAdd(2), null);
        assertThat(lonely.place(payment)).isInstanceOf(Placement.Unclear.class);
        assertThat(lonely.query(payment).answer()).isNull();
        assertThat(lonely.close(payment).evidence()).isInstanceOf(Evidence.Unknown.class);
        client.close();
    }

    private static Payment paidWith(String refundOptions) {
        Payment payment = placed("{\"outcome\":\"succeeds\",\"pay_after\":\"0s\"," + refundOptions + "}");
        await().until(() -> queried(payment) instanceof Evidence.Paid);
        return payment;
    }

    private static RefundEvidence refundOf(Payment payment, Refund refund) {
        return fixture.channel.request(payment, refund).evidence();
    }

    private static RefundEvidence queriedRefund(Payment payment, Refund refund) {
        return fixture.channel.query(payment, refund.number()).evidence();
    }

    private static List<PaymentChannel.Callback> refundCallbacks() {
        return fixture.callbacks().stream()
                .filter(PaymentChannel.Callback.VerifiedRefund.class::isInstance)
                .toList();
    }

    @Test
    void aRefundIsAcceptedThenPaidOutAndThePlatformIsTold() {
        Payment payment = paidWith("\"refund_after\":\"100ms\"");
        Refund refund = SamplePayments.refund(payment, 500);
        assertThat(refundOf(payment, refund)).isEqualTo(new RefundEvidence.Processing());
        await().until(() -> !refundCallbacks().isEmpty());
        BankOrder paidOut = fixture.ledger().find(refund.number()).orElseThrow();
        RefundEvidence.Refunded evidence =
                new RefundEvidence.Refunded(paidOut.terms().tradeNo(), Money.of(500, "CNY"), paidOut.settledAt());
        assertThat(refundCallbacks().getFirst())
                .isEqualTo(
                        new PaymentChannel.Callback.VerifiedRefund(payment.id().toString(), refund.number(), evidence));
        assertThat(queriedRefund(payment, refund)).isEqualTo(evidence);
        assertThat(refundOf(payment, refund)).isEqualTo(evidence);
    }

    @Test
    void aRefundFailsLateWhenAskedTo() {
        Payment payment = paidWith("\"refund\":\"fails\",\"refund_after\":\"100ms\"");
        Refund refund = SamplePayments.refund(payment, 500);
        assertThat(refundOf(payment, refund)).isEqualTo(new RefundEvidence.Processing());
        await().until(() -> queriedRefund(payment, refund) instanceof RefundEvidence.Failed);
        await().until(() -> !refundCallbacks().isEmpty());
    }

    @Test
    void aRefundWhoseCallbackIsLostIsFoundByAQuery() {
        Payment payment = paidWith("\"callback\":\"lost\",\"refund_after\":\"50ms\"");
        Refund refund = SamplePayments.refund(payment, 500);
        refundOf(payment, refund);
        await().until(() -> queriedRefund(payment, refund) instanceof RefundEvidence.Refunded);
        assertThat(fixture.callbacks()).isEmpty();
    }

    private static Payment billed(String bill) {
        Payment payment = placed("{\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"bill\":\"" + bill + "\"}");
        await().until(() -> queried(payment) instanceof Evidence.Paid);
        return payment;
    }

    @Test
    void theBillHasWhatWasPaidAndTheMistakesThatAreAskedFor() throws IOException {
        Payment honest = billed("honest");
        Payment missing = billed("missing");
        Payment foreign = billed("foreign");
        Payment changed = billed("changed");
        placed(null);
        ChannelBills bills = fixture.channel.bills();
        LocalDate today = LocalDate.now(bills.zone());
        Path file = dataDir.resolve("bill.csv");
        assertThat(bills.fetch(today, file)).isEqualTo(new ChannelBills.Fetched.Downloaded());
        String text = Files.readString(file);
        assertThat(text)
                .contains(honest.id() + ",", ",12.30,CNY,succeeded,", "foreign-" + foreign.id() + ",")
                .doesNotContain(missing.id().toString());
        assertThat(text.lines().filter(line -> line.startsWith(changed.id().toString())))
                .singleElement()
                .satisfies(line -> assertThat(line).contains(",12.31,CNY,"));
        assertThat(text.lines()).hasSize(5);
        Path yesterday = dataDir.resolve("yesterday.csv");
        bills.fetch(today.minusDays(1), yesterday);
        assertThat(Files.readString(yesterday).lines()).hasSize(1);
    }

    @Test
    void theBankRefusesMoreThanWasPaidAndWhatIsNotPaid() {
        Payment payment = paidWith("\"refund_after\":\"0s\"");
        assertThat(refundOf(payment, SamplePayments.refund(payment, 1000))).isInstanceOf(RefundEvidence.Refunded.class);
        assertThat(refundOf(payment, SamplePayments.refund(payment, 231))).isInstanceOf(RefundEvidence.Refused.class);
        Payment open = placed(null);
        assertThat(refundOf(open, SamplePayments.refund(open, 1))).isInstanceOf(RefundEvidence.Refused.class);
        Payment refused = paidWith("\"refund\":\"refused\"");
        assertThat(refundOf(refused, SamplePayments.refund(refused, 1))).isInstanceOf(RefundEvidence.Refused.class);
    }

    @Test
    void aRefundHasNoPage() {
        Payment payment = paidWith("\"refund_after\":\"0s\"");
        Refund refund = SamplePayments.refund(payment, 1);
        refundOf(payment, refund);
        String token =
                fixture.ledger().find(refund.number()).orElseThrow().terms().token();
        assertThat(fixture.browse(fixture.url() + "/pay/" + token, null, "en").statusCode())
                .isEqualTo(404);
    }
}
