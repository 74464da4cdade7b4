package dev.rung.channel.alipay;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.KeptFile;
import dev.rung.channel.gateway.PaymentWindow;
import dev.rung.channel.gateway.RsaKeys;
import dev.rung.core.model.MerchantId;
import dev.rung.payments.channel.BilledChannel;
import dev.rung.payments.channel.CertifiedChannel;
import dev.rung.payments.channel.ChannelBills;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.ChannelRefunds;
import dev.rung.payments.port.PaymentChannel;
import java.net.URI;
import java.nio.charset.Charset;
import java.time.InstantSource;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Alipay. {@code out_trade_no} is the payment's id.
 *
 * <p>Alipay creates a trade only when the payer has scanned the code or signed in on the page. Until then it responds to queries and closes
 * with {@code ACQ.TRADE_NOT_EXIST}, which is no evidence. Every placement carries the same absolute {@code time_expire}. After it an order
 * unknown to Alipay can no longer be paid, and only then a close with that response counts as closed.
 */
public final class AlipayChannel implements PaymentChannel, BilledChannel, CertifiedChannel {
    static final String QUERY = "alipay.trade.query";
    private static final String CLOSE = "alipay.trade.close";
    private static final String CANCEL = "alipay.trade.cancel";
    static final String NOT_THERE = "ACQ.TRADE_NOT_EXIST";
    private static final String ONLY_YUAN = "Alipay accepts CNY only";

    private final AlipayAccount account;
    private final AlipayGateway gateway;
    private final InstantSource clock;
    private final AlipayRefunds refunds;
    private final AlipayBills bills;
    private final AlipayOrders orders;

    /**
     * Creates the channel.
     *
     * @param notifyUrl the URL that Alipay sends callbacks to
     * @param client closed with the channel
     * @param appAuthTokens the {@code app_auth_token} of a merchant that has its own
     * @param fetched keeps certificates that Alipay issues later; not used in the public-key mode
     */
    public AlipayChannel(
            AlipayAccount account,
            Supplier<URI> notifyUrl,
            GatewayClient client,
            InstantSource clock,
            Function<MerchantId, Optional<String>> appAuthTokens,
            KeptFile fetched) {
        this.account = account;
        this.gateway = new AlipayGateway(account, client, clock, appAuthTokens, fetched);
        this.clock = clock;
        this.refunds = new AlipayRefunds(gateway);
        this.bills = new AlipayBills(gateway);
        this.orders = new AlipayOrders(gateway, notifyUrl);
    }

    @Override
    public String name() {
        return account.name();
    }

    @Override
    public void close() {
        gateway.client().close();
    }

    @Override
    public @Nullable String checkOptions(@Nullable String channelOptions) {
        return channelOptions == null ? null : "must be left out: the channel " + account.name() + " has none";
    }

    @Override
    public @Nullable String checkSubject(String subject) {
        if (subject.codePointCount(0, subject.length()) > AlipayOrders.SUBJECT_MAX) {
            return "is longer than Alipay allows: " + AlipayOrders.SUBJECT_MAX + " characters";
        }
        return SignedFields.mayHoldField(subject)
                ? "must not contain \"&name=\": in Alipay's callbacks it could be taken for another field"
                : null;
    }

    @Override
    public @Nullable String checkAttach(String attach) {
        return AlipayOrders.encoded(attach).length() > AlipayOrders.ATTACH_ENCODED_MAX
                ? "is longer than Alipay allows: " + AlipayOrders.ATTACH_ENCODED_MAX + " characters once URL-encoded"
                : null;
    }

    @Override
    public Placement place(Payment payment) {
        if (!isYuan(payment)) {
            return new Placement.Rejected(ONLY_YUAN);
        }
        PaymentWindow window = PaymentWindow.of(payment);
        return window.mayBePlaced(clock.instant())
                ? orders.place(payment, window)
                : new Placement.Unclear("too late to place the order");
    }

    private static boolean isYuan(Payment payment) {
        return payment.order().amount().currency().getCurrencyCode().equals("CNY");
    }

    @Override
    public Exchange charge(Payment payment, String authCode) {
        if (!isYuan(payment)) {
            return new Exchange(new Evidence.Rejected(ONLY_YUAN), 0, null);
        }
        long start = System.nanoTime();
        AlipayResponse answer = orders.charge(payment, PaymentWindow.of(payment), authCode);
        return exchange(AlipayOrders.charged(payment, answer), start, answer);
    }

    @Override
    public Exchange query(Payment payment) {
        long start = System.nanoTime();
        AlipayResponse answer = gateway.call(QUERY, number(payment), null, payment, Deadline.in(GatewayClient.CALL));
        return exchange(queried(payment, answer), start, answer);
    }

    private static Evidence queried(Payment payment, AlipayResponse answer) {
        return switch (answer) {
            case AlipayResponse.Unclear unclear -> new Evidence.Unknown(unclear.reason());
            case AlipayResponse.Verified verified
            when verified.code().equals(NOT_THERE) -> new Evidence.NotFound(verified.fault());
            case AlipayResponse.Verified verified when !verified.succeeded() -> new Evidence.Unknown(verified.fault());
            case AlipayResponse.Verified verified
            when !AlipayGateway.isOf(payment, verified.response()) ->
                new Evidence.Unknown("the response is for another order");
            case AlipayResponse.Verified verified ->
                AlipayTrade.ofQuery(verified.response()::text).evidence();
        };
    }

    @Override
    public Exchange close(Payment payment) {
        return payment.isByBarcode() ? cancel(payment) : closeUnpaid(payment);
    }

    /** Cancels a charge: Alipay closes the trade, or gives back what was paid. */
    private Exchange cancel(Payment payment) {
        long start = System.nanoTime();
        AlipayResponse answer = gateway.call(CANCEL, number(payment), null, payment, Deadline.in(GatewayClient.CALL));
        Evidence evidence = switch (answer) {
            case AlipayResponse.Unclear unclear -> new Evidence.Unknown(unclear.reason());
            case AlipayResponse.Verified verified
            when !verified.succeeded() && !verified.code().equals(NOT_THERE) -> new Evidence.Unknown(verified.fault());
            case AlipayResponse.Verified verified ->
                // Without an action Alipay knows no such trade: a charge may still be in progress.
                verified.response().text("action") != null
                                || PaymentWindow.of(payment).isExpired(clock.instant())
                        ? new Evidence.Closed()
                        : new Evidence.Unknown("nothing to cancel, but the order can still be paid");
        };
        return exchange(evidence, start, answer);
    }

    private Exchange closeUnpaid(Payment payment) {
        long start = System.nanoTime();
        Deadline deadline = Deadline.in(GatewayClient.CALL);
        AlipayResponse answer = gateway.call(CLOSE, number(payment), null, payment, deadline);
        return switch (answer) {
            case AlipayResponse.Unclear unclear -> exchange(new Evidence.Unknown(unclear.reason()), start, answer);
            case AlipayResponse.Verified verified
            when verified.succeeded() ->
                exchange(
                        AlipayGateway.isOf(payment, verified.response())
                                ? new Evidence.Closed()
                                : new Evidence.Unknown("the response is for another order"),
                        start,
                        answer);
            case AlipayResponse.Verified verified
            when verified.code().equals(NOT_THERE) ->
                exchange(
                        PaymentWindow.of(payment).isExpired(clock.instant())
                                ? new Evidence.Closed()
                                : new Evidence.Unknown(NOT_THERE + ", but the order can still be paid"),
                        start,
                        answer);
            case AlipayResponse.Verified verified -> rejected(payment, verified, deadline, start);
        };
    }

    /** Alipay refused to close the order because it is paid or closed; a query shows which. */
    private Exchange rejected(Payment payment, AlipayResponse.Verified refusal, Deadline deadline, long start) {
        AlipayResponse answer = gateway.call(QUERY, number(payment), null, payment, deadline);
        return switch (queried(payment, answer)) {
            case Evidence.Unpaid() -> exchange(new Evidence.Unknown(refusal.fault()), start, refusal);
            case Evidence evidence -> exchange(evidence, start, answer);
        };
    }

    @Override
    public List<String> check() {
        return new AlipayCheck(gateway, clock).problems();
    }

    @Override
    public List<Certificate> certificates() {
        return gateway.certificates();
    }

    @Override
    public ChannelBills bills() {
        return bills;
    }

    @Override
    public Optional<ChannelRefunds> refunds() {
        return Optional.of(refunds);
    }

    /** Empty: the signature is a field of the form. */
    @Override
    public Set<String> signatureHeaders() {
        return Set.of();
    }

    @Override
    public Callback readCallback(CallbackRequest request) {
        NavigableMap<String, String> fields;
        Charset charset;
        try {
            charset = SignedFields.charset(request.body());
            fields = SignedFields.parse(request.body(), charset);
        } catch (IllegalArgumentException e) {
            return new Callback.Unverified("not a valid form: " + e.getMessage());
        }
        if (!SignedFields.isUnambiguous(fields)) {
            return new Callback.Unverified("a value could hold another field, as Alipay signs values without encoding");
        }
        String signature = fields.remove("sign");
        String type = fields.remove("sign_type");
        if (signature == null || !"RSA2".equals(type)) {
            return new Callback.Unverified("not signed with RSA2");
        }
        byte[] text = SignedFields.text(fields, charset);
        if (gateway.keys().ofCallbacks().stream().noneMatch(key -> RsaKeys.verifies(key, text, signature))) {
            return new Callback.Unverified("not signed by Alipay's key");
        }
        if (!account.appId().equals(fields.get("app_id"))) {
            return new Callback.Unverified("the callback is for another app");
        }
        if (account.sellerId() != null && !account.sellerId().equals(fields.get("seller_id"))) {
            return new Callback.Unverified("the callback is for another seller");
        }
        String outTradeNo = fields.get("out_trade_no");
        String refundNo = fields.get("out_biz_no");
        String totalRefunded = fields.get("refund_fee");
        if (outTradeNo != null && refundNo != null && (totalRefunded != null || fields.get("gmt_refund") != null)) {
            return new Callback.VerifiedRefund(outTradeNo, refundNo, AlipayRefunds.ofCallback(totalRefunded));
        }
        return outTradeNo == null
                ? new Callback.Unverified("the callback has no out_trade_no")
                : new Callback.Verified(
                        outTradeNo, AlipayTrade.ofCallback(fields::get).evidence());
    }

    /** Alipay resends a callback until the response body is exactly {@code success}. */
    @Override
    public Acknowledgement acknowledgement(boolean accepted) {
        return new Acknowledgement(200, "text/plain", accepted ? "success" : "failure");
    }

    private static byte[] number(Payment payment) {
        return JsonObject.write(
                json -> json.writeStringProperty("out_trade_no", payment.id().toString()));
    }

    private static Exchange exchange(Evidence evidence, long start, AlipayResponse answer) {
        return new Exchange(evidence, (int) ((System.nanoTime() - start) / 1_000_000), answer.text());
    }
}
