package dev.rung.channel.simulator;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.GatewayClient.Reply;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.TextLimits;
import dev.rung.payments.channel.ChannelContext;
import dev.rung.payments.channel.HostedBank;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentChannel;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Rung's side of the simulated bank, which runs with it in one process but is spoken to over HTTP. Thread-safe. */
final class SimulatorChannel implements PaymentChannel, HostedBank {
    private final String name;
    private final SimulatedBank bank;
    private final ChannelContext context;
    private final GatewayClient client;
    private final MessageSigner seal;

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
        this.seal = new MessageSigner(
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
        Said said = ask("place", JsonObject.write(json -> order(json, payment)));
        JsonObject answer = said.answer();
        String payUrl = answer == null || said.status() != 200 ? null : answer.text("pay_url");
        if (payUrl != null) {
            return new Placement.Placed(payUrl);
        }
        return answer != null && said.status() == 422
                ? new Placement.Rejected("the bank will not take it: " + answer.text("error"))
                : new Placement.Unclear(said.unclear());
    }

    private void order(JsonGenerator json, Payment payment) {
        Payment.Order order = payment.order();
        json.writeStringProperty("out_trade_no", payment.id().toString());
        json.writeName("amount");
        json.writeStartObject();
        json.writeNumberProperty("value", order.amount().value());
        json.writeStringProperty("currency", order.amount().currency().getCurrencyCode());
        json.writeEndObject();
        json.writeStringProperty("subject", order.subject());
        json.writeStringProperty("notify_url", context.callbackUrl().toString());
        json.writeStringProperty("expires_at", payment.expiresAt().toString());
        if (order.channelOptions() != null) {
            json.writeName("options");
            json.writeRawValue(order.channelOptions());
        }
    }

    @Override
    public Exchange query(Payment payment) {
        return exchange("query", payment);
    }

    /** The whole order goes along: the bank closes it though it never heard of it, so that a placement still under way comes to nothing. */
    @Override
    public Exchange close(Payment payment) {
        return exchange("close", payment);
    }

    private Exchange exchange(String operation, Payment payment) {
        String number = payment.id().toString();
        Said said = ask(operation, JsonObject.write(json -> order(json, payment)));
        JsonObject answer = said.answer();
        Evidence evidence = answer != null && said.status() == 200
                ? evidence(answer, number)
                : new Evidence.Unknown(said.unclear());
        return new Exchange(evidence, said.millis(), said.text());
    }

    /** What the bank's account of an order means. */
    private static Evidence evidence(JsonObject account, String number) {
        if (!number.equals(account.text("out_trade_no"))) {
            return new Evidence.Unknown("the bank speaks of another order");
        }
        return switch (account.text("state")) {
            case "open" -> new Evidence.Unpaid();
            case "closed" -> new Evidence.Closed();
            case "failed" -> new Evidence.Failed("the bank refused the payer");
            case "paid" -> paid(account);
            case null, default -> new Evidence.Unknown("the bank names no state that is known here");
        };
    }

    private static Evidence paid(JsonObject account) {
        JsonObject amount = account.object("amount");
        String tradeNo = account.text("trade_no");
        String value = amount == null ? null : amount.text("value");
        String currency = amount == null ? null : amount.text("currency");
        if (tradeNo == null || value == null || currency == null) {
            return new Evidence.Unknown("the bank says that it is paid, but not how much");
        }
        try {
            String paidAt = account.text("paid_at");
            return new Evidence.Paid(
                    tradeNo, Money.of(Long.parseLong(value), currency), paidAt == null ? null : Instant.parse(paidAt));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            return new Evidence.Unknown("the bank says that it is paid, but its amount or time is malformed");
        }
    }

    /**
     * What came back.
     *
     * @param answer null unless it is the bank's
     * @param text what is kept of it; null when there was none
     */
    private record Said(
            int status,
            @Nullable JsonObject answer,
            @Nullable String text,
            int millis,
            String fault) {

        String unclear() {
            if (answer == null) {
                return fault;
            }
            String error = answer.text("error");
            return "the bank answered " + status + (error == null ? "" : ": " + error);
        }
    }

    private Said ask(String operation, byte[] body) {
        Map<String, String> headers = seal.headers(operation, body);
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(context.hostedUrlFromHere() + "/gateway/" + operation))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        long begun = System.nanoTime();
        Reply reply = client.send(request.build(), Deadline.in(GatewayClient.CALL));
        int millis = (int) Duration.ofNanos(System.nanoTime() - begun).toMillis();
        return switch (reply) {
            case Reply.None none -> new Said(0, null, null, millis, none.reason());
            case Reply.Answer answer -> heard(answer, MessageSigner.aboutAnswer(headers, answer.status()), millis);
        };
    }

    private Said heard(Reply.Answer answer, String about, int millis) {
        String text = TextLimits.answer(answer.body());
        String fault =
                seal.fault(about, name -> answer.headers().firstValue(name).orElse(null), answer.body());
        if (fault != null) {
            return new Said(
                    answer.status(),
                    null,
                    text,
                    millis,
                    "an answer " + answer.status() + " that is not to be" + " believed: " + fault);
        }
        try {
            return new Said(answer.status(), JsonObject.parse(answer.body()), text, millis, "");
        } catch (IllegalArgumentException e) {
            return new Said(answer.status(), null, text, millis, "the bank's answer is " + e.getMessage());
        }
    }

    @Override
    public Set<String> signatureHeaders() {
        return MessageSigner.HEADERS;
    }

    @Override
    public Callback readCallback(CallbackRequest request) {
        String fault = seal.fault(
                MessageSigner.CALLBACK,
                name -> first(request.headers().get(name.toLowerCase(Locale.ROOT))),
                request.body());
        if (fault != null) {
            return new Callback.Unverified(fault);
        }
        try {
            JsonObject account = JsonObject.parse(request.body());
            String number = account.text("out_trade_no");
            return number == null
                    ? new Callback.Unverified("it names no order")
                    : new Callback.Genuine(number, evidence(account, number));
        } catch (IllegalArgumentException e) {
            return new Callback.Unverified("it is " + e.getMessage());
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
