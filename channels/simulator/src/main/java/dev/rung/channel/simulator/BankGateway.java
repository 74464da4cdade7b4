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

/** The bank's side of {@code place}, {@code query} and {@code close}: signed questions, signed answers. Thread-safe. */
final class BankGateway {
    private static final int TOKEN_BYTES = 18;
    private static final int RACES_MAX = 10;

    private final BankLedger ledger;
    private final UnaryOperator<String> payUrl;
    private final MessageSigner seal;
    private final Consumer<BankOrder> nudge;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param payUrl from an order's token
     * @param nudge told of an order that may be due soon
     */
    BankGateway(
            BankLedger ledger,
            UnaryOperator<String> payUrl,
            MessageSigner seal,
            Consumer<BankOrder> nudge,
            InstantSource clock,
            RandomGenerator random) {
        this.ledger = ledger;
        this.payUrl = payUrl;
        this.seal = seal;
        this.nudge = nudge;
        this.clock = clock;
        this.random = random;
    }

    Answer answer(String operation, Request request) {
        String fault = seal.fault(operation, request::header, request.body());
        if (fault != null) {
            return sealed(request, 401, error("the question is not the platform's: " + fault));
        }
        try {
            JsonObject question = JsonObject.parse(request.body());
            return switch (operation) {
                case "place" -> place(question, request);
                case "query" -> query(question, request);
                case "close" -> close(question, request);
                default -> sealed(request, 404, error("there is no such operation"));
            };
        } catch (IllegalArgumentException | DateTimeParseException e) {
            return sealed(request, 422, error("the question is malformed: " + e.getMessage()));
        }
    }

    private Answer place(JsonObject question, Request request) {
        BankOrder order = ledger.open(read(question));
        nudge.accept(order);
        return sealed(request, 200, JsonObject.write(g -> {
            g.writeStringProperty("out_trade_no", order.terms().number());
            g.writeStringProperty("pay_url", payUrl.apply(order.terms().token()));
        }));
    }

    private BankOrder read(JsonObject question) {
        JsonObject amount = question.object("amount");
        if (amount == null) {
            throw new IllegalArgumentException("amount is missing");
        }
        byte[] json = question.bytes("options");
        SimulatorOptions options = SimulatorOptions.parse(json == null ? null : new String(json, UTF_8));
        Instant now = now();
        BankOrder.Terms terms = new BankOrder.Terms(
                required(question, "out_trade_no"),
                token(),
                tradeNo(now),
                Money.of(Long.parseLong(required(amount, "value")), required(amount, "currency")),
                required(question, "subject"),
                URI.create(required(question, "notify_url")).toString(),
                now,
                Instant.parse(required(question, "expires_at")).truncatedTo(ChronoUnit.MILLIS));
        return BankOrder.placed(terms, options.manners(), options.payAfter());
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private Answer query(JsonObject question, Request request) {
        BankOrder order = ledger.find(required(question, "out_trade_no")).orElse(null);
        if (order == null) {
            return sealed(request, 404, error("there is no such order"));
        }
        return order.manners().answersQueries()
                ? account(order, request)
                : sealed(request, 503, error("queries are not answered now"));
    }

    /** An order that was never placed is taken down as closed: when it comes, it comes too late. */
    private Answer close(JsonObject question, Request request) {
        BankOrder order = ledger.open(read(question).close(now()));
        for (int races = 0; races < RACES_MAX; races++) {
            BankOrder closed = order.close(now());
            if (closed.equals(order) || ledger.change(order, closed)) {
                return account(closed, request);
            }
            order = ledger.find(order.terms().number()).orElse(order);
        }
        return sealed(request, 503, error("the order is busy"));
    }

    private Answer account(BankOrder order, Request request) {
        return sealed(request, 200, account(order, order.state(), order.terms().amount()));
    }

    /** The bank's account of an order, as in answers and callbacks: true, if state and amount are the order's own. */
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

    private Answer sealed(Request question, int status, byte[] body) {
        String nonce = question.header(MessageSigner.NONCE);
        Map<String, String> headers = seal.headers(
                MessageSigner.aboutAnswer(nonce == null ? Map.of() : Map.of(MessageSigner.NONCE, nonce), status), body);
        return new Answer(status, "application/json", headers, body);
    }

    private static byte[] error(String sentence) {
        return JsonObject.write(g -> g.writeStringProperty("error", sentence));
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

    /** As banks' own numbers look: the day, then digits. */
    private String tradeNo(Instant now) {
        return DateTimeFormatter.BASIC_ISO_DATE.format(LocalDate.ofInstant(now, ZoneOffset.UTC))
                + "%015d".formatted(random.nextLong(1_000_000_000_000_000L));
    }
}
