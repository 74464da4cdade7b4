package dev.rung.channel.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rung.payments.bill.BillEntry;
import dev.rung.payments.bill.BillException;
import dev.rung.payments.bill.BillFormat;
import dev.rung.payments.bill.BillLines;
import dev.rung.payments.channel.AccountMember;
import dev.rung.payments.channel.ChannelType;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.port.ChannelRefunds;
import dev.rung.payments.port.PaymentChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests that every channel must pass. Extend it and provide the channel's type and its bank. */
@NullUnmarked // fields are filled before each test
public abstract class ChannelContract {
    private static final String NAME = "contract";

    @TempDir
    protected Path folder;

    private ChannelTestServer server;
    private BankSide bank;
    private PaymentChannel channel;

    /** The channel under test. */
    protected abstract ChannelType type();

    /** Creates a bank with its own keys. The server, which receives the bank's callbacks, is already running. */
    protected abstract BankSide bank(ChannelTestServer server);

    /** The currency of the orders. */
    protected String currency() {
        return "CNY";
    }

    /** The {@code channel_options} of an order that is paid by {@link BankSide#pay}. */
    protected @Nullable String channelOptions() {
        return null;
    }

    @BeforeEach
    void open() {
        server = new ChannelTestServer(NAME, folder);
        bank = bank(server);
        channel = server.open(type(), bank.account());
    }

    @AfterEach
    void close() {
        server.close();
        bank.close();
    }

    private Payment payment() {
        return SamplePayments.payment(NAME, type().methods().getFirst(), currency(), channelOptions());
    }

    private String placed(Payment payment) {
        PaymentChannel.Placement placement = channel.place(payment);
        assertThat(placement).isInstanceOf(PaymentChannel.Placement.Placed.class);
        String payUrl = ((PaymentChannel.Placement.Placed) placement).payUrl();
        assertThat(payUrl).isNotBlank();
        return payUrl;
    }

    private Payment paid() {
        Payment payment = payment();
        bank.pay(payment, placed(payment));
        return payment;
    }

    private static void assertPaid(Evidence evidence, Payment payment) {
        assertThat(evidence).isInstanceOfSatisfying(Evidence.Paid.class, paid -> {
            assertThat(paid.amount()).isEqualTo(payment.order().amount());
            assertThat(paid.channelTradeNo()).isNotBlank();
        });
    }

    @Test
    void theTypeDescribesItself() {
        ChannelType type = type();
        assertThat(type.name()).matches("[a-z][a-z0-9]{0,31}");
        assertThat(type.description()).isNotBlank();
        assertThat(type.methods()).isNotEmpty().doesNotHaveDuplicates();
        assertThat(type.members().stream().map(AccountMember::name)).doesNotHaveDuplicates();
        for (AccountMember member : type.members()) {
            assertThat(member.description()).as(member.name()).isNotBlank();
            if (member.defaultText() != null) {
                member.check().accept(member.defaultText());
            }
        }
        assertThat(channel.name()).isEqualTo(NAME);
    }

    @Test
    void anInvalidSecretIsNotRepeatedInTheMessage() {
        for (AccountMember member : type().members()) {
            try {
                member.check().accept("hunter2!");
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).as(member.name()).isNotBlank();
                if (member.kind() == AccountMember.Kind.SECRET) {
                    assertThat(e.getMessage()).doesNotContain("hunter2");
                }
            }
        }
    }

    @Test
    void anOrderMayBePlacedAgain() {
        Payment payment = payment();
        placed(payment);
        placed(payment);
    }

    @Test
    void anUnpaidOrderIsNeitherPaidNorClosed() {
        Payment payment = payment();
        placed(payment);
        assertThat(channel.query(payment).evidence()).isInstanceOfAny(Evidence.Unpaid.class, Evidence.NotFound.class);
    }

    @Test
    void anOrderThatWasNeverPlacedIsNotFound() {
        assertThat(channel.query(payment()).evidence()).isInstanceOf(Evidence.NotFound.class);
    }

    @Test
    void aQueryReportsTradeNumberAndAmount() {
        Payment payment = paid();
        PaymentChannel.Exchange exchange = channel.query(payment);
        assertPaid(exchange.evidence(), payment);
        assertThat(exchange.durationMillis()).isBetween(0, 5_000);
        assertThat(exchange.answer().getBytes(UTF_8).length).isLessThanOrEqualTo(4 * 1024);
    }

    @Test
    void aCallbackReportsTradeNumberAndAmount() {
        Payment payment = paid();
        assertGenuine(channel.readCallback(bank.callback(payment)), payment);
    }

    private static void assertGenuine(PaymentChannel.Callback callback, Payment payment) {
        assertThat(callback).isInstanceOfSatisfying(PaymentChannel.Callback.Verified.class, genuine -> {
            assertThat(genuine.outTradeNo()).isEqualTo(payment.id().toString());
            assertPaid(genuine.evidence(), payment);
        });
    }

    @Test
    void aRepeatedCallbackReportsTheSame() {
        PaymentChannel.CallbackRequest request = bank.callback(paid());
        assertThat(channel.readCallback(request)).isEqualTo(channel.readCallback(request));
    }

    /** Rung stores a callback's body and these headers and may read the callback again later. */
    @Test
    void aStoredCallbackCanBeVerifiedAgain() {
        Payment payment = paid();
        PaymentChannel.CallbackRequest request = bank.callback(payment);
        Map<String, List<String>> kept = new HashMap<>(request.headers());
        kept.keySet().retainAll(channel.signatureHeaders());
        assertGenuine(channel.readCallback(new PaymentChannel.CallbackRequest(kept, null, request.body())), payment);
    }

    @Test
    void aForgedCallbackIsUnverified() {
        assertThat(channel.readCallback(bank.forgedCallback(paid())))
                .isInstanceOf(PaymentChannel.Callback.Unverified.class);
    }

    @Test
    void aChangedCallbackIsUnverified() {
        PaymentChannel.CallbackRequest request = bank.callback(paid());
        int length = request.body().length;
        for (int at : new int[] {0, length / 4, length / 2, length * 3 / 4}) {
            byte[] changed = request.body().clone();
            changed[at] ^= 1;
            assertThat(channel.readCallback(
                            new PaymentChannel.CallbackRequest(request.headers(), request.query(), changed)))
                    .as("byte %s", at)
                    .isInstanceOf(PaymentChannel.Callback.Unverified.class);
        }
        for (String garbage : List.of("", "{}", "[]", "a=b&a=b", "\u0000")) {
            assertThat(channel.readCallback(
                            new PaymentChannel.CallbackRequest(Map.of(), null, garbage.getBytes(UTF_8))))
                    .as(garbage)
                    .isInstanceOf(PaymentChannel.Callback.Unverified.class);
        }
    }

    @Test
    void acceptedAndRejectedCallbacksAreAcknowledgedDifferently() {
        PaymentChannel.Acknowledgement accepted = channel.acknowledgement(true);
        assertThat(accepted.status()).isBetween(200, 299);
        assertThat(channel.acknowledgement(false)).isNotEqualTo(accepted);
    }

    /** A channel returns Unknown unless it is certain that the order can no longer be paid. */
    @Test
    void anUnpaidOrderCanBeClosed() {
        Payment payment = payment();
        placed(payment);
        assertThat(channel.close(payment).evidence()).isInstanceOfAny(Evidence.Closed.class, Evidence.Unknown.class);
    }

    @Test
    void closingAPaidOrderReportsThatItIsPaid() {
        Payment payment = paid();
        assertPaid(channel.close(payment).evidence(), payment);
    }

    @Test
    void anUnreachableBankIsNoEvidence() {
        Payment open = payment();
        placed(open);
        bank.goAway();
        assertThat(channel.place(payment())).isInstanceOf(PaymentChannel.Placement.Unclear.class);
        assertThat(channel.query(open).evidence()).isInstanceOf(Evidence.Unknown.class);
        assertThat(channel.close(open).evidence()).isInstanceOf(Evidence.Unknown.class);
    }

    @Test
    void aRefundIsPaidOutOnceUnderItsNumber() {
        channel.refunds().ifPresent(refunds -> {
            Payment payment = paid();
            Refund refund = SamplePayments.refund(payment, 500);
            for (int i = 0; i < 2; i++) {
                ChannelRefunds.Exchange asked = refunds.request(payment, refund);
                assertThat(asked.evidence())
                        .isInstanceOfAny(RefundEvidence.Refunded.class, RefundEvidence.Processing.class);
                assertThat(asked.durationMillis()).isBetween(0, 5_000);
            }
            await().until(
                            () -> refunds.query(payment, refund.number()).evidence(),
                            RefundEvidence.Refunded.class::isInstance);
            assertThat(refunds.query(payment, refund.number()).evidence())
                    .isInstanceOfSatisfying(
                            RefundEvidence.Refunded.class,
                            refunded -> assertThat(refunded.amount())
                                    .isEqualTo(refund.terms().amount()));
            assertPaid(channel.query(payment).evidence(), payment);
        });
    }

    @Test
    void aRefundThatWasNeverRequestedIsNotEnded() {
        channel.refunds()
                .ifPresent(refunds -> assertThat(
                                refunds.query(paid(), "rfd_0000000000000").evidence())
                        .isInstanceOfAny(RefundEvidence.NotFound.class, RefundEvidence.NotEnded.class));
    }

    @Test
    void aRefundOfWhatIsNotPaidMovesNoMoney() {
        channel.refunds().ifPresent(refunds -> {
            Payment payment = payment();
            placed(payment);
            assertThat(refunds.request(payment, SamplePayments.refund(payment, 500))
                            .evidence())
                    .isInstanceOfAny(RefundEvidence.Refused.class, RefundEvidence.Unknown.class);
        });
    }

    @Test
    void aBankThatDoesNotAnswerProvesNothingOfARefund() {
        channel.refunds().ifPresent(refunds -> {
            Payment payment = paid();
            Refund refund = SamplePayments.refund(payment, 500);
            bank.goAway();
            assertThat(refunds.request(payment, refund).evidence()).isInstanceOf(RefundEvidence.Unknown.class);
            assertThat(refunds.query(payment, refund.number()).evidence()).isInstanceOf(RefundEvidence.Unknown.class);
        });
    }

    @Test
    void theBillListsPaidOrders() {
        Payment payment = paid();
        bank.callback(payment);
        assertThat(bank.bill().isPresent()).isEqualTo(type().billFormat().isPresent());
        type().billFormat()
                .ifPresent(format -> assertThat(entries(format, bank.bill().orElseThrow()))
                        .filteredOn(
                                entry -> entry.outTradeNo().equals(payment.id().toString()))
                        .singleElement()
                        .satisfies(entry -> {
                            assertThat(entry.kind()).isEqualTo(BillEntry.Kind.PAID);
                            assertThat(entry.amount()).isEqualTo(payment.order().amount());
                            assertThat(entry.channelTradeNo()).isNotBlank();
                        }));
    }

    @Test
    void theErrorNamesAMalformedBillLine() {
        paid();
        type().billFormat()
                .ifPresent(format -> assertThatThrownBy(
                                () -> entries(format, header(format, bank.bill().orElseThrow()) + "\nnot a line\n"))
                        .isInstanceOf(BillException.class));
    }

    private static String header(BillFormat format, String bill) {
        return bill.lines()
                .map(ChannelContract::withoutMark)
                .filter(line -> format.recognizes(line))
                .findFirst()
                .orElseThrow();
    }

    private static String withoutMark(String line) {
        return line.startsWith("\ufeff") ? line.substring(1) : line;
    }

    private static List<BillEntry> entries(BillFormat format, String bill) {
        assertThat(header(format, bill)).isNotBlank();
        List<BillEntry> entries = new ArrayList<>();
        BillLines reader = format.lines();
        List<String> lines = bill.lines().map(ChannelContract::withoutMark).toList();
        for (int i = 0; i < lines.size(); i++) {
            BillEntry entry = reader.read(i + 1, lines.get(i));
            if (entry != null) {
                entries.add(entry);
            }
        }
        reader.end();
        return entries;
    }
}
