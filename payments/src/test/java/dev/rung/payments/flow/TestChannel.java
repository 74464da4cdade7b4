package dev.rung.payments.flow;

import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.port.ChannelRefunds;
import dev.rung.payments.port.PaymentChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A channel that answers as the test specifies and records its calls. */
final class TestChannel implements PaymentChannel {
    static final Exchange UNPAID = new Exchange(new Evidence.Unpaid(), 12, "WAIT_BUYER_PAY");
    static final Exchange CLOSED = new Exchange(new Evidence.Closed(), 12, "TRADE_CLOSED");
    static final Exchange NOT_FOUND = new Exchange(new Evidence.NotFound("no such order"), 12, "TRADE_NOT_EXIST");
    static final Exchange TIMED_OUT = new Exchange(new Evidence.Unknown("no answer within 5s"), 4_900, null);
    static final Exchange UNREACHABLE = new Exchange(new Evidence.Unknown("connection refused"), 3, null);

    final List<String> calls = new ArrayList<>();
    Function<Payment, Placement> placing = payment -> new Placement.Placed("https://bank.example/" + payment.id());
    /** The answer to a charge. */
    Function<Payment, Exchange> charging = TestChannel::paid;

    Function<Payment, Exchange> querying = payment -> UNPAID;
    Function<Payment, Exchange> closing = payment -> CLOSED;
    Function<Refund, ChannelRefunds.Exchange> refunding =
            refund -> new ChannelRefunds.Exchange(new RefundEvidence.Processing(), 12, "PROCESSING");
    Function<String, ChannelRefunds.Exchange> queryingRefund =
            number -> new ChannelRefunds.Exchange(new RefundEvidence.Processing(), 12, "PROCESSING");
    /** The evidence of a genuine callback. */
    Function<String, Callback> reading = body -> new Callback.Unverified("the signature is wrong");

    static Exchange paid(Payment payment) {
        return new Exchange(paidEvidence(payment), 12, "TRADE_SUCCESS");
    }

    static Evidence.Paid paidEvidence(Payment payment) {
        return new Evidence.Paid(
                "4200", payment.order().amount(), payment.createdAt().plusSeconds(3));
    }

    @Override
    public String name() {
        return "simulator";
    }

    @Override
    public @Nullable String checkOptions(@Nullable String channelOptions) {
        return channelOptions == null ? null : "is not for this channel";
    }

    @Override
    public Placement place(Payment payment) {
        calls.add("place");
        return placing.apply(payment);
    }

    @Override
    public Exchange charge(Payment payment, String authCode) {
        calls.add("charge " + authCode);
        return charging.apply(payment);
    }

    @Override
    public Exchange query(Payment payment) {
        calls.add("query");
        return querying.apply(payment);
    }

    @Override
    public Exchange close(Payment payment) {
        calls.add("close");
        return closing.apply(payment);
    }

    @Override
    public Optional<ChannelRefunds> refunds() {
        return Optional.of(new ChannelRefunds() {
            @Override
            public Exchange request(Payment payment, Refund refund) {
                calls.add("refund");
                return refunding.apply(refund);
            }

            @Override
            public Exchange query(Payment payment, String number) {
                calls.add("refund query");
                return queryingRefund.apply(number);
            }
        });
    }

    @Override
    public Set<String> signatureHeaders() {
        return Set.of("signature", "timestamp");
    }

    @Override
    public Callback readCallback(CallbackRequest request) {
        return reading.apply(new String(request.body(), StandardCharsets.UTF_8));
    }

    static CallbackRequest callback(String body) {
        return new CallbackRequest(
                Map.of(
                        "signature", List.of("abc"),
                        "timestamp", List.of("123"),
                        "host", List.of("shop.example"),
                        "authorization", List.of("Bearer secret")),
                null,
                body.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Acknowledgement acknowledgement(boolean accepted) {
        return new Acknowledgement(200, "text/plain", accepted ? "success" : "failure");
    }
}
