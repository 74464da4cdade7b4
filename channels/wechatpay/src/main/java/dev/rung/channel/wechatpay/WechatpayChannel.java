package dev.rung.channel.wechatpay;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.KeptFile;
import dev.rung.channel.gateway.PaymentWindow;
import dev.rung.payments.channel.BilledChannel;
import dev.rung.payments.channel.CertifiedChannel;
import dev.rung.payments.channel.ChannelBills;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.port.ChannelRefunds;
import dev.rung.payments.port.PaymentChannel;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * WeChat Pay. {@code out_trade_no} is the payment's id.
 *
 * <p>Every placement carries the same {@code time_expire}. After it an order unknown to WeChat Pay was never placed and can no longer be
 * paid, and only then a close with the response {@code ORDER_NOT_EXIST} counts as closed.
 */
public final class WechatpayChannel implements PaymentChannel, BilledChannel, CertifiedChannel {
    /** The second spelling is that of API v2, which some gateways still answer. */
    static final Set<String> NOT_THERE = Set.of("ORDER_NOT_EXIST", "ORDERNOTEXIST");

    private static final byte[] NOTHING = {};

    private static final String ONLY_YUAN = "WeChat Pay accepts CNY only";

    private final WechatpayAccount account;
    private final WechatpayGateway gateway;
    private final InstantSource clock;
    private final WechatpayRefunds refunds;
    private final WechatpayBills bills;
    private final WechatpayOrders orders;

    /**
     * Creates the channel.
     *
     * @param notifyUrl the URL that WeChat Pay sends callbacks to
     * @param client closed with the channel
     * @param random generates the nonces of requests
     * @param fetched keeps WeChat Pay's certificates
     */
    public WechatpayChannel(
            WechatpayAccount account,
            Supplier<URI> notifyUrl,
            GatewayClient client,
            InstantSource clock,
            RandomGenerator random,
            KeptFile fetched) {
        this.account = account;
        this.clock = clock;
        this.gateway = new WechatpayGateway(account, client, clock, random, fetched);
        this.refunds = new WechatpayRefunds(gateway, notifyUrl);
        this.bills = new WechatpayBills(gateway);
        this.orders = new WechatpayOrders(gateway, notifyUrl);
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
        return tooLong(subject, WechatpayOrders.DESCRIPTION_BYTES_MAX);
    }

    @Override
    public @Nullable String checkAttach(String attach) {
        return tooLong(attach, WechatpayOrders.ATTACH_BYTES_MAX);
    }

    private static @Nullable String tooLong(String text, int bytesMax) {
        return text.getBytes(StandardCharsets.UTF_8).length > bytesMax
                ? "is longer than WeChat Pay allows: " + bytesMax + " bytes of UTF-8"
                : null;
    }

    @Override
    public boolean needsPayerIp(PaymentMethod method) {
        return method == PaymentMethod.WAP;
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
        WechatpayResponse answer = orders.charge(payment, PaymentWindow.of(payment), authCode);
        return exchange(orders.charged(payment, answer), start, answer);
    }

    @Override
    public Exchange query(Payment payment) {
        long start = System.nanoTime();
        WechatpayResponse answer = askFor(payment, Deadline.in(GatewayClient.CALL));
        return exchange(queried(payment, answer), start, answer);
    }

    private WechatpayResponse askFor(Payment payment, Deadline deadline) {
        return gateway.call("GET", orderOf(payment) + gateway.parties(payment).query(), NOTHING, deadline);
    }

    private Evidence queried(Payment payment, WechatpayResponse answer) {
        return switch (answer) {
            case WechatpayResponse.Unclear unclear -> new Evidence.Unknown(unclear.reason());
            case WechatpayResponse.Verified verified
            when NOT_THERE.contains(verified.code()) -> new Evidence.NotFound(verified.fault());
            case WechatpayResponse.Verified verified
            when verified.status() != 200 -> new Evidence.Unknown(verified.fault());
            case WechatpayResponse.Verified verified -> {
                WechatpayTransaction transaction = new WechatpayTransaction(verified.members());
                yield transaction.isOf(gateway.parties(payment), payment)
                        ? transaction.evidence(payment.isByBarcode())
                        : new Evidence.Unknown("the response is for another order");
            }
        };
    }

    @Override
    public Exchange close(Payment payment) {
        long start = System.nanoTime();
        Deadline deadline = Deadline.in(GatewayClient.CALL);
        WechatpayResponse answer = payment.isByBarcode() ? reverse(payment, deadline) : end(payment, deadline);
        return switch (answer) {
            case WechatpayResponse.Unclear unclear -> exchange(new Evidence.Unknown(unclear.reason()), start, answer);
            case WechatpayResponse.Verified verified
            when verified.status() == 204 || payment.isByBarcode() && verified.status() == 200 ->
                exchange(new Evidence.Closed(), start, answer);
            case WechatpayResponse.Verified verified
            when NOT_THERE.contains(verified.code()) ->
                exchange(
                        PaymentWindow.of(payment).isExpired(clock.instant())
                                ? new Evidence.Closed()
                                : new Evidence.Unknown(verified.code() + ", but a placement may still be in progress"),
                        start,
                        answer);
            case WechatpayResponse.Verified verified -> rejected(payment, verified, deadline, start);
        };
    }

    private WechatpayResponse end(Payment payment, Deadline deadline) {
        byte[] merchant = JsonObject.write(gateway.parties(payment)::writeNumbers);
        return gateway.call("POST", orderOf(payment) + "/close", merchant, deadline);
    }

    /** Cancels a charge: WeChat Pay closes the order, or gives back what was paid. */
    private WechatpayResponse reverse(Payment payment, Deadline deadline) {
        byte[] merchant = JsonObject.write(gateway.parties(payment)::writeApps);
        return gateway.call("POST", orderOf(payment) + "/reverse", merchant, deadline);
    }

    /** WeChat Pay refused to close the order because it is paid or closed; a query shows which. */
    private Exchange rejected(Payment payment, WechatpayResponse.Verified refusal, Deadline deadline, long start) {
        WechatpayResponse answer = askFor(payment, deadline);
        return switch (queried(payment, answer)) {
            case Evidence.Unpaid() -> exchange(new Evidence.Unknown(refusal.fault()), start, refusal);
            case Evidence evidence -> exchange(evidence, start, answer);
        };
    }

    @Override
    public List<String> check() {
        return new WechatpayCheck(gateway, clock).problems();
    }

    /** Its platform certificate; none if it verifies by the public key. */
    @Override
    public List<Certificate> certificates() {
        return account.hasPublicKey()
                ? List.of()
                : gateway.keys().newest().map(WechatpayAccount.Verifier::expiresAt).stream()
                        .map(expiresAt -> new Certificate("certificates", expiresAt))
                        .toList();
    }

    @Override
    public ChannelBills bills() {
        return bills;
    }

    @Override
    public Optional<ChannelRefunds> refunds() {
        return Optional.of(refunds);
    }

    @Override
    public Set<String> signatureHeaders() {
        return WechatpaySignatures.HEADERS;
    }

    @Override
    public Callback readCallback(CallbackRequest request) {
        Optional<String> fault = gateway.signatures()
                .fault(
                        name -> request.headers().getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                                .findFirst()
                                .orElse(null),
                        request.body(),
                        Deadline.in(GatewayClient.CALL));
        if (fault.isPresent()) {
            return new Callback.Unverified(fault.get());
        }
        try {
            return switch (WechatpayNotification.open(request.body(), account.apiV3Key())) {
                case WechatpayNotification.OfPayment(JsonObject members) -> read(new WechatpayTransaction(members));
                case WechatpayNotification.OfRefund(JsonObject members) -> refund(members);
            };
        } catch (IllegalArgumentException e) {
            return new Callback.Unverified(String.valueOf(e.getMessage()));
        }
    }

    private Callback refund(JsonObject refund) {
        String outTradeNo = refund.text("out_trade_no");
        String outRefundNo = refund.text("out_refund_no");
        if (!account.mchId().equals(refund.text("mchid")) && !account.mchId().equals(refund.text("sp_mchid"))) {
            return new Callback.Unverified("the notification is for another merchant");
        }
        return outTradeNo == null || outRefundNo == null
                ? new Callback.Unverified("the notification has no out_trade_no or no out_refund_no")
                : new Callback.VerifiedRefund(
                        outTradeNo, outRefundNo, WechatpayRefunds.evidence(refund.text("refund_status"), refund));
    }

    private Callback read(WechatpayTransaction transaction) {
        if (!transaction.isOf(account)) {
            return new Callback.Unverified("the notification is for another merchant or app");
        }
        String outTradeNo = transaction.outTradeNo();
        return outTradeNo == null
                ? new Callback.Unverified("the notification has no out_trade_no")
                : new Callback.Verified(outTradeNo, transaction.evidence(false));
    }

    /** WeChat Pay resends a notification until the response status is 2xx; a 204 needs no body. */
    @Override
    public Acknowledgement acknowledgement(boolean accepted) {
        return accepted
                ? new Acknowledgement(204, null, "")
                : new Acknowledgement(400, "application/json", "{\"code\":\"FAIL\",\"message\":\"not accepted\"}");
    }

    private String orderOf(Payment payment) {
        return gateway.parties(payment).orders() + "out-trade-no/" + payment.id();
    }

    private static Exchange exchange(Evidence evidence, long start, WechatpayResponse answer) {
        return new Exchange(evidence, (int) ((System.nanoTime() - start) / 1_000_000), answer.text());
    }
}
