package dev.rung.channel.wechatpay;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.PaymentWindow;
import dev.rung.channel.gateway.RsaKeys;
import dev.rung.channel.gateway.TextLimits;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.ChannelRefunds;
import dev.rung.payments.port.PaymentChannel;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * WeChat Pay native orders: the pay URL is shown as a QR code and scanned. {@code out_trade_no} is the payment's id.
 *
 * <p>Every placement carries the same {@code time_expire}. After it an order unknown to WeChat Pay was never placed and can no longer be
 * paid, and only then a close with the response {@code ORDER_NOT_EXIST} counts as closed.
 */
public final class WechatpayChannel implements PaymentChannel {
    private static final String ORDERS = "/v3/pay/transactions/";
    /** The second spelling is that of API v2, which some gateways still answer. */
    private static final Set<String> NOT_THERE = Set.of("ORDER_NOT_EXIST", "ORDERNOTEXIST");

    private static final int DESCRIPTION_MAX = 127;
    private static final byte[] NOTHING = {};

    /**
     * Errors caused by the request itself, which no repetition changes. A rejected placement fails the payment, so the list holds only
     * documented codes; other errors may be temporary or concern an order that exists already ({@code OUT_TRADE_NO_USED}, {@code
     * ORDERPAID}, {@code INVALID_REQUEST}).
     */
    private static final Set<String> REFUSALS =
            Set.of("PARAM_ERROR", "APPID_MCHID_NOT_MATCH", "MCH_NOT_EXISTS", "NO_AUTH");

    private final WechatpayAccount account;
    private final Supplier<URI> notifyUrl;
    private final WechatpayGateway gateway;
    private final InstantSource clock;
    private final WechatpaySignatures signatures;
    private final WechatpayRefunds refunds;

    /**
     * Creates the channel.
     *
     * @param notifyUrl the URL that WeChat Pay sends callbacks to
     * @param client closed with the channel
     * @param random generates the nonces of requests
     */
    public WechatpayChannel(
            WechatpayAccount account,
            Supplier<URI> notifyUrl,
            GatewayClient client,
            InstantSource clock,
            RandomGenerator random) {
        this.account = account;
        this.notifyUrl = notifyUrl;
        this.clock = clock;
        this.signatures = new WechatpaySignatures(account, clock, random);
        this.gateway = new WechatpayGateway(account, signatures, client);
        this.refunds = new WechatpayRefunds(gateway, notifyUrl);
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
    public Placement place(Payment payment) {
        if (!payment.order().amount().currency().getCurrencyCode().equals("CNY")) {
            return new Placement.Rejected("WeChat Pay accepts CNY only");
        }
        PaymentWindow window = PaymentWindow.of(payment);
        if (!window.mayBePlaced(clock.instant())) {
            return new Placement.Unclear("too late to place the order");
        }
        WechatpayResponse answer =
                gateway.call("POST", ORDERS + "native", order(payment, window), Deadline.in(GatewayClient.CALL));
        return switch (answer) {
            case WechatpayResponse.Unclear unclear -> new Placement.Unclear(unclear.reason());
            case WechatpayResponse.Verified verified
            when verified.status() == 200 -> {
                String url = verified.members().text("code_url");
                yield url != null
                        ? new Placement.Placed(url)
                        : new Placement.Unclear("placed, but the response has no code_url");
            }
            case WechatpayResponse.Verified verified
            when REFUSALS.contains(verified.code()) && !verified.isAboutKeys() ->
                new Placement.Rejected(verified.fault());
            case WechatpayResponse.Verified verified -> new Placement.Unclear(verified.fault());
        };
    }

    private byte[] order(Payment payment, PaymentWindow window) {
        return JsonObject.write(json -> {
            json.writeStringProperty("appid", account.appId());
            json.writeStringProperty("mchid", account.mchId());
            json.writeStringProperty(
                    "description", TextLimits.truncate(payment.order().subject(), DESCRIPTION_MAX));
            json.writeStringProperty("out_trade_no", payment.id().toString());
            json.writeStringProperty(
                    "time_expire",
                    DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                            window.until().truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.ofHours(8))));
            json.writeStringProperty("notify_url", notifyUrl.get().toString());
            json.writeObjectPropertyStart("amount");
            json.writeNumberProperty("total", payment.order().amount().value());
            json.writeStringProperty("currency", "CNY");
            json.writeEndObject();
        });
    }

    @Override
    public Exchange query(Payment payment) {
        long start = System.nanoTime();
        WechatpayResponse answer = askFor(payment, Deadline.in(GatewayClient.CALL));
        return exchange(queried(payment, answer), start, answer);
    }

    private WechatpayResponse askFor(Payment payment, Deadline deadline) {
        return gateway.call("GET", orderOf(payment) + "?mchid=" + account.mchId(), NOTHING, deadline);
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
                yield transaction.isOf(account) && payment.id().toString().equals(transaction.outTradeNo())
                        ? transaction.evidence()
                        : new Evidence.Unknown("the response is for another order");
            }
        };
    }

    @Override
    public Exchange close(Payment payment) {
        long start = System.nanoTime();
        Deadline deadline = Deadline.in(GatewayClient.CALL);
        byte[] merchant = JsonObject.write(json -> json.writeStringProperty("mchid", account.mchId()));
        WechatpayResponse answer = gateway.call("POST", orderOf(payment) + "/close", merchant, deadline);
        return switch (answer) {
            case WechatpayResponse.Unclear unclear -> exchange(new Evidence.Unknown(unclear.reason()), start, answer);
            case WechatpayResponse.Verified verified
            when verified.status() == 204 -> exchange(new Evidence.Closed(), start, answer);
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

    /** WeChat Pay refused to close the order because it is paid or closed; a query shows which. */
    private Exchange rejected(Payment payment, WechatpayResponse.Verified refusal, Deadline deadline, long start) {
        WechatpayResponse answer = askFor(payment, deadline);
        return switch (queried(payment, answer)) {
            case Evidence.Unpaid() -> exchange(new Evidence.Unknown(refusal.fault()), start, refusal);
            case Evidence evidence -> exchange(evidence, start, answer);
        };
    }

    /** Queries an order that cannot exist. */
    @Override
    public List<String> check() {
        List<String> problems = new ArrayList<>();
        for (WechatpayAccount.Verifier verifier : account.verifiers()) {
            Instant expiresAt = verifier.expiresAt();
            if (RsaKeys.isPair(account.privateKey(), verifier.key())) {
                problems.add("the merchant's own certificate or key is given as WeChat Pay's");
            }
            if (expiresAt != null && expiresAt.isBefore(clock.instant())) {
                problems.add("WeChat Pay's certificate " + verifier.serial() + " expired at " + expiresAt);
            }
        }
        String target = ORDERS + "out-trade-no/rung_check?mchid=" + account.mchId();
        switch (gateway.call("GET", target, NOTHING, Deadline.in(GatewayClient.CALL))) {
            case WechatpayResponse.Unclear unclear -> problems.add(unclear.reason());
            case WechatpayResponse.Verified verified -> {
                if (verified.status() != 200 && !NOT_THERE.contains(verified.code())) {
                    problems.add("WeChat Pay refused a query: " + verified.fault());
                }
            }
        }
        return List.copyOf(problems);
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
        Optional<String> fault = signatures.fault(
                name -> request.headers().getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                        .findFirst()
                        .orElse(null),
                request.body());
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
        if (!account.mchId().equals(refund.text("mchid"))) {
            return new Callback.Unverified("the notification is for another merchant");
        }
        return outTradeNo == null || outRefundNo == null
                ? new Callback.Unverified("the notification has no out_trade_no or no out_refund_no")
                : new Callback.GenuineRefund(
                        outTradeNo, outRefundNo, WechatpayRefunds.evidence(refund.text("refund_status"), refund));
    }

    private Callback read(WechatpayTransaction transaction) {
        if (!transaction.isOf(account)) {
            return new Callback.Unverified("the notification is for another merchant or app");
        }
        String outTradeNo = transaction.outTradeNo();
        return outTradeNo == null
                ? new Callback.Unverified("the notification has no out_trade_no")
                : new Callback.Genuine(outTradeNo, transaction.evidence());
    }

    /** WeChat Pay resends a notification until the response status is 2xx; a 204 needs no body. */
    @Override
    public Acknowledgement acknowledgement(boolean accepted) {
        return accepted
                ? new Acknowledgement(204, null, "")
                : new Acknowledgement(400, "application/json", "{\"code\":\"FAIL\",\"message\":\"not accepted\"}");
    }

    private static String orderOf(Payment payment) {
        return ORDERS + "out-trade-no/" + payment.id();
    }

    private static Exchange exchange(Evidence evidence, long start, WechatpayResponse answer) {
        return new Exchange(evidence, (int) ((System.nanoTime() - start) / 1_000_000), answer.text());
    }
}
