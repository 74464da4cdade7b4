package dev.rung.channel.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.GatewayClient.Reply;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.TextLimits;
import dev.rung.payments.channel.BilledChannel;
import dev.rung.payments.channel.ChannelBills;
import dev.rung.payments.channel.ChannelContext;
import dev.rung.payments.channel.HostedBank;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.port.ChannelRefunds;
import dev.rung.payments.port.PaymentChannel;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The channel adapter for the simulated bank, which runs in the same process but is called over HTTP. Thread-safe. */
final class SimulatorChannel implements BilledChannel, PaymentChannel, ChannelRefunds, HostedBank {
    private final String name;
    private final SimulatedBank bank;
    private final ChannelContext context;
    private final GatewayClient client;
    private final MessageSigner signer;

    /**
     * Opens one.
     *
     * @param client closed with the channel
     */
    SimulatorChannel(
            String name, SimulatedBank bank, SimulatorKeys keys, GatewayClient client, ChannelContext context) {
        this.name = name;
        this.bank = bank;
        this.context = context;
        this.client = client;
        this.signer = new MessageSigner(
                keys.platform().getPrivate(), keys.bank().getPublic(), context.clock(), context.random());
    }

    @Override
    public void start() {
        bank.start();
    }

    @Override
    public void stop() {
        bank.close();
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public Answer answer(Request request) {
        return bank.answer(request);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable String checkOptions(@Nullable String channelOptions) {
        try {
            SimulatorOptions.parse(channelOptions);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    @Override
    public Placement place(Payment payment) {
        BankResponse response = send("place", JsonObject.write(json -> order(json, payment)));
        JsonObject answer = response.answer();
        String payUrl = answer == null || response.status() != 200 ? null : answer.text("pay_url");
        if (payUrl != null) {
            return opened(payUrl, payment.order().checkout());
        }
        return answer != null && response.status() == 422
                ? new Placement.Rejected("the bank rejected the order: " + answer.text("error"))
                : new Placement.Unclear(response.unclear());
    }

    private Placement opened(String payUrl, Payment.Checkout checkout) {
        return switch (checkout.method()) {
            case APP, JSAPI -> Placement.Placed.withParams(params(payUrl));
            case QR, PAGE, WAP, BARCODE ->
                new Placement.Placed(
                        checkout.returnUrl() == null ? payUrl : PayPage.returning(payUrl, checkout.returnUrl()));
        };
    }

    /** What a client of the simulated bank would open the page with. */
    private String params(String payUrl) {
        Map<String, String> headers = signer.headers("client", payUrl.getBytes(UTF_8));
        return new String(
                JsonObject.write(json -> {
                    json.writeStringProperty("pay_url", payUrl);
                    json.writeStringProperty("timestamp", headers.get(MessageSigner.TIMESTAMP));
                    json.writeStringProperty("nonce", headers.get(MessageSigner.NONCE));
                    json.writeStringProperty("signature", headers.get(MessageSigner.SIGNATURE));
                }),
                UTF_8);
    }

    @Override
    public PaymentChannel.Exchange charge(Payment payment, String authCode) {
        BankResponse response = send("charge", JsonObject.write(json -> {
            order(json, payment);
            json.writeStringProperty("auth_code", authCode);
        }));
        JsonObject answer = response.answer();
        Evidence evidence = answer != null && response.status() == 422
                ? new Evidence.Rejected("the bank rejected the order: " + answer.text("error"))
                : evidence(response, payment.id().toString());
        return new PaymentChannel.Exchange(evidence, response.millis(), response.text());
    }

    private void order(JsonGenerator json, Payment payment) {
        Payment.Order order = payment.order();
        json.writeStringProperty("out_trade_no", payment.id().toString());
        amount(json, order.amount());
        json.writeStringProperty("subject", order.subject());
        json.writeStringProperty("notify_url", context.callbackUrl().toString());
        json.writeStringProperty("expires_at", payment.expiresAt().toString());
        options(json, payment);
    }

    private static void amount(JsonGenerator json, Money amount) {
        json.writeObjectPropertyStart("amount");
        json.writeNumberProperty("value", amount.value());
        json.writeStringProperty("currency", amount.currency().getCurrencyCode());
        json.writeEndObject();
    }

    private static void options(JsonGenerator json, Payment payment) {
        if (payment.order().channelOptions() != null) {
            json.writeName("options");
            json.writeRawValue(payment.order().channelOptions());
        }
    }

    /**
     * The amount in the bank's report.
     *
     * @throws IllegalArgumentException if it has none
     */
    private static Money amount(JsonObject account) {
        JsonObject amount = account.object("amount");
        String value = amount == null ? null : amount.text("value");
        String currency = amount == null ? null : amount.text("currency");
        if (value == null || currency == null) {
            throw new IllegalArgumentException("the amount is missing");
        }
        return Money.of(Long.parseLong(value), currency);
    }

    /** Queries an order that cannot exist. */
    @Override
    public List<String> check() {
        BankResponse response =
                send("query", JsonObject.write(json -> json.writeStringProperty("out_trade_no", "rung_check")));
        return response.isNotFound() ? List.of() : List.of(response.unclear());
    }

    @Override
    public ChannelBills bills() {
        return new SimulatorBills(this::billPage);
    }

    private SimulatorBills.Page billPage(LocalDate day, String after) {
        BankResponse response = send("bill", JsonObject.write(json -> {
            json.writeStringProperty("day", day.toString());
            json.writeStringProperty("after", after);
            json.writeStringProperty("notify_url", context.callbackUrl().toString());
        }));
        return response.status() == 200
                ? new SimulatorBills.Page(response.answer(), response.unclear())
                : new SimulatorBills.Page(null, response.unclear());
    }

    @Override
    public Optional<ChannelRefunds> refunds() {
        return Optional.of(this);
    }

    @Override
    public ChannelRefunds.Exchange request(Payment payment, Refund refund) {
        BankResponse response = send("refund", JsonObject.write(json -> {
            json.writeStringProperty("out_trade_no", payment.id().toString());
            json.writeStringProperty("out_refund_no", refund.number());
            amount(json, refund.terms().amount());
            json.writeStringProperty("notify_url", context.callbackUrl().toString());
            options(json, payment);
        }));
        JsonObject answer = response.answer();
        RefundEvidence evidence = answer != null && response.status() == 422
                ? new RefundEvidence.Refused(String.valueOf(answer.text("error")))
                : refundEvidence(response, refund.number());
        return new ChannelRefunds.Exchange(evidence, response.millis(), response.text());
    }

    @Override
    public ChannelRefunds.Exchange query(Payment payment, String number) {
        BankResponse response =
                send("query_refund", JsonObject.write(json -> json.writeStringProperty("out_refund_no", number)));
        return new ChannelRefunds.Exchange(refundEvidence(response, number), response.millis(), response.text());
    }

    private static RefundEvidence refundEvidence(BankResponse response, String number) {
        JsonObject answer = response.answer();
        if (response.isNotFound()) {
            return new RefundEvidence.NotFound(response.unclear());
        }
        return answer != null && response.status() == 200
                ? refundEvidence(answer, number)
                : new RefundEvidence.Unknown(response.unclear());
    }

    /** The evidence in the bank's report of a refund. */
    private static RefundEvidence refundEvidence(JsonObject account, String number) {
        if (!number.equals(account.text("out_refund_no"))) {
            return new RefundEvidence.Unknown("the bank's response is for another refund");
        }
        return switch (account.text("state")) {
            case "processing" -> new RefundEvidence.Processing();
            case "failed" -> new RefundEvidence.Failed("the bank could not pay it out");
            case "succeeded" -> refunded(account);
            case null, default -> new RefundEvidence.Unknown("the bank names no state that is known here");
        };
    }

    private static RefundEvidence refunded(JsonObject account) {
        try {
            String at = account.text("refunded_at");
            return new RefundEvidence.Refunded(
                    account.text("refund_no"), amount(account), at == null ? null : Instant.parse(at));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            return new RefundEvidence.Unknown("refunded, but the amount or the time is malformed");
        }
    }

    @Override
    public PaymentChannel.Exchange query(Payment payment) {
        return exchange("query", payment);
    }

    /** Sends the whole order: the bank stores an unknown order as closed, so that a placement still in transit has no effect. */
    @Override
    public PaymentChannel.Exchange close(Payment payment) {
        return exchange("close", payment);
    }

    private PaymentChannel.Exchange exchange(String operation, Payment payment) {
        String number = payment.id().toString();
        BankResponse response = send(operation, JsonObject.write(json -> order(json, payment)));
        return new PaymentChannel.Exchange(evidence(response, number), response.millis(), response.text());
    }

    private static Evidence evidence(BankResponse response, String number) {
        JsonObject answer = response.answer();
        if (response.isNotFound()) {
            return new Evidence.NotFound(response.unclear());
        }
        return answer == null || response.status() != 200
                ? new Evidence.Unknown(response.unclear())
                : evidence(answer, number);
    }

    /** The evidence in the bank's report of an order. */
    private static Evidence evidence(JsonObject account, String number) {
        if (!number.equals(account.text("out_trade_no"))) {
            return new Evidence.Unknown("the bank's response is for another order");
        }
        return switch (account.text("state")) {
            case "open" -> new Evidence.Unpaid();
            case "closed" -> new Evidence.Closed();
            case "failed" -> new Evidence.Failed("the bank rejected the payer");
            case "paid" -> paid(account);
            case null, default -> new Evidence.Unknown("the bank reports an unknown state");
        };
    }

    private static Evidence paid(JsonObject account) {
        String tradeNo = account.text("trade_no");
        if (tradeNo == null) {
            return new Evidence.Unknown("paid, but the trade number is missing");
        }
        try {
            String paidAt = account.text("paid_at");
            return new Evidence.Paid(tradeNo, amount(account), paidAt == null ? null : Instant.parse(paidAt));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            return new Evidence.Unknown("paid, but the amount or the time is malformed");
        }
    }

    /**
     * The bank's response to a request.
     *
     * @param answer null unless it is authentic
     * @param text the part that is kept in the timeline; null if there was no response
     */
    private record BankResponse(
            int status,
            @Nullable JsonObject answer,
            @Nullable String text,
            int millis,
            String fault) {

        /** Whether the bank reported, signed, that it has no such order or refund. */
        boolean isNotFound() {
            return answer != null && status == 404;
        }

        String unclear() {
            if (answer == null) {
                return fault;
            }
            String error = answer.text("error");
            return "the bank responded with status " + status + (error == null ? "" : ": " + error);
        }
    }

    private BankResponse send(String operation, byte[] body) {
        Map<String, String> headers = signer.headers(operation, body);
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(context.hostedUrlFromHere() + "/gateway/" + operation))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        long begun = System.nanoTime();
        Reply reply = client.send(request.build(), Deadline.in(GatewayClient.CALL));
        int millis = (int) Duration.ofNanos(System.nanoTime() - begun).toMillis();
        return switch (reply) {
            case Reply.None none -> new BankResponse(0, null, null, millis, none.reason());
            case Reply.Answer answer -> verify(answer, MessageSigner.responsePurpose(headers, answer.status()), millis);
        };
    }

    private BankResponse verify(Reply.Answer answer, String purpose, int millis) {
        String text = TextLimits.answer(answer.body());
        String fault =
                signer.fault(purpose, name -> answer.headers().firstValue(name).orElse(null), answer.body());
        if (fault != null) {
            return new BankResponse(
                    answer.status(),
                    null,
                    text,
                    millis,
                    "the response (" + answer.status() + ") is not authentic: " + fault);
        }
        try {
            return new BankResponse(answer.status(), JsonObject.parse(answer.body()), text, millis, "");
        } catch (IllegalArgumentException e) {
            return new BankResponse(answer.status(), null, text, millis, "the bank's response is " + e.getMessage());
        }
    }

    @Override
    public Set<String> signatureHeaders() {
        return MessageSigner.HEADERS;
    }

    @Override
    public Callback readCallback(CallbackRequest request) {
        String fault = signer.fault(
                MessageSigner.CALLBACK,
                name -> first(request.headers().get(name.toLowerCase(Locale.ROOT))),
                request.body());
        if (fault != null) {
            return new Callback.Unverified(fault);
        }
        try {
            JsonObject account = JsonObject.parse(request.body());
            String number = account.text("out_trade_no");
            String refund = account.text("out_refund_no");
            if (number != null && refund != null) {
                return new Callback.VerifiedRefund(number, refund, refundEvidence(account, refund));
            }
            return number == null
                    ? new Callback.Unverified("the callback has no out_trade_no")
                    : new Callback.Verified(number, evidence(account, number));
        } catch (IllegalArgumentException e) {
            return new Callback.Unverified("the callback is " + e.getMessage());
        }
    }

    private static @Nullable String first(@Nullable List<String> values) {
        return values == null || values.isEmpty() ? null : values.getFirst();
    }

    @Override
    public Acknowledgement acknowledgement(boolean accepted) {
        return new Acknowledgement(
                accepted ? 200 : 400,
                "application/json",
                accepted ? SimulatedBank.RECEIVED : "{\"result\":\"refused\"}");
    }

    @Override
    public String toString() {
        return name;
    }
}
