package dev.rung.channel.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.gateway.JsonObject;
import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.bank.BankOrder;
import dev.rung.payments.channel.HostedBank.Answer;
import dev.rung.payments.channel.HostedBank.Request;
import dev.rung.payments.model.Money;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Serves {@code place}, {@code query} and {@code close} at the bank; requests and responses are signed. Thread-safe. */
final class BankGateway {
    private static final int TOKEN_BYTES = 18;
    private static final int CHANGE_ATTEMPTS_MAX = 10;

    private final BankLedger ledger;
    private final UnaryOperator<String> payUrl;
    private final MessageSigner signer;
    private final Consumer<BankOrder> orderChanged;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param payUrl returns the pay URL for an order's token
     * @param orderChanged called with a new order, which may be due soon
     */
    BankGateway(
            BankLedger ledger,
            UnaryOperator<String> payUrl,
            MessageSigner signer,
            Consumer<BankOrder> orderChanged,
            InstantSource clock,
            RandomGenerator random) {
        this.ledger = ledger;
        this.payUrl = payUrl;
        this.signer = signer;
        this.orderChanged = orderChanged;
        this.clock = clock;
        this.random = random;
    }

    Answer answer(String operation, Request request) {
        String fault = signer.fault(operation, request::header, request.body());
        if (fault != null) {
            return signed(request, 401, error("the request is not authentic: " + fault));
        }
        try {
            JsonObject json = JsonObject.parse(request.body());
            return switch (operation) {
                case "place" -> place(json, request);
                case "query" -> query(json, request);
                case "close" -> close(json, request);
                default -> signed(request, 404, error("unknown operation"));
            };
        } catch (IllegalArgumentException | DateTimeParseException e) {
            return signed(request, 422, error("the request is malformed: " + e.getMessage()));
        }
    }

    private Answer place(JsonObject json, Request request) {
        BankOrder order = ledger.open(read(json));
        orderChanged.accept(order);
        return signed(request, 200, JsonObject.write(g -> {
            g.writeStringProperty("out_trade_no", order.terms().number());
            g.writeStringProperty("pay_url", payUrl.apply(order.terms().token()));
        }));
    }

    private BankOrder read(JsonObject json) {
        JsonObject amount = json.object("amount");
        if (amount == null) {
            throw new IllegalArgumentException("amount is missing");
        }
        byte[] optionsJson = json.bytes("options");
        SimulatorOptions options = SimulatorOptions.parse(optionsJson == null ? null : new String(optionsJson, UTF_8));
        Instant now = now();
        BankOrder.Terms terms = new BankOrder.Terms(
                required(json, "out_trade_no"),
                token(),
                tradeNo(now),
                Money.of(Long.parseLong(required(amount, "value")), required(amount, "currency")),
                required(json, "subject"),
                URI.create(required(json, "notify_url")).toString(),
                now,
                Instant.parse(required(json, "expires_at")).truncatedTo(ChronoUnit.MILLIS));
        return BankOrder.placed(terms, options.behavior(), options.payAfter());
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private Answer query(JsonObject json, Request request) {
        BankOrder order = ledger.find(required(json, "out_trade_no")).orElse(null);
        if (order == null) {
            return signed(request, 404, error("unknown order"));
        }
        return order.behavior().answersQueries()
                ? account(order, request)
                : signed(request, 503, error("queries are unavailable"));
    }

    /** An order not yet placed is stored as closed, so that a placement still in transit has no effect. */
    private Answer close(JsonObject json, Request request) {
        BankOrder order = ledger.open(read(json).close(now()));
        for (int attempts = 0; attempts < CHANGE_ATTEMPTS_MAX; attempts++) {
            BankOrder closed = order.close(now());
            if (closed.equals(order) || ledger.change(order, closed)) {
                return account(closed, request);
            }
            order = ledger.find(order.terms().number()).orElse(order);
        }
        return signed(request, 503, error("the order is busy"));
    }

    private Answer account(BankOrder order, Request request) {
        return signed(request, 200, account(order, order.state(), order.terms().amount()));
    }

    /** An order as JSON for responses and callbacks; callbacks may falsify the state and the amount. */
    static byte[] account(BankOrder order, BankOrder.State state, Money amount) {
        Instant settledAt = order.settledAt();
        return JsonObject.write(g -> {
            g.writeStringProperty("out_trade_no", order.terms().number());
            g.writeStringProperty("trade_no", order.terms().tradeNo());
            g.writeStringProperty("state", state.text());
            g.writeName("amount");
            g.writeStartObject();
            g.writeNumberProperty("value", amount.value());
            g.writeStringProperty("currency", amount.currency().getCurrencyCode());
            g.writeEndObject();
            if (state == BankOrder.State.PAID && settledAt != null) {
                g.writeStringProperty("paid_at", settledAt.toString());
            }
        });
    }

    private Answer signed(Request request, int status, byte[] body) {
        String nonce = request.header(MessageSigner.NONCE);
        Map<String, String> headers = signer.headers(
                MessageSigner.responsePurpose(nonce == null ? Map.of() : Map.of(MessageSigner.NONCE, nonce), status),
                body);
        return new Answer(status, "application/json", headers, body);
    }

    private static byte[] error(String message) {
        return JsonObject.write(g -> g.writeStringProperty("error", message));
    }

    private static String required(JsonObject object, String name) {
        @Nullable String text = object.text(name);
        if (text == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return text;
    }

    private String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    /** Like the trade numbers of real banks: the date, then digits. */
    private String tradeNo(Instant now) {
        return DateTimeFormatter.BASIC_ISO_DATE.format(LocalDate.ofInstant(now, ZoneOffset.UTC))
                + "%015d".formatted(random.nextLong(1_000_000_000_000_000L));
    }
}
