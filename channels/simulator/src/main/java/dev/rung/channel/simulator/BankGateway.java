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

/** Serves orders and refunds at the bank; requests and responses are signed. Thread-safe. */
final class BankGateway {
    private static final int TOKEN_BYTES = 18;
    private static final int CHANGE_ATTEMPTS_MAX = 10;

    private final BankLedger ledger;
    private final BankBill bills;
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
        this.bills = new BankBill(ledger);
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
                case "charge" -> charge(json, request);
                case "query" -> query(json, request);
                case "close" -> close(json, request);
                case "refund" -> refund(json, request);
                case "query_refund" -> queryRefund(json, request);
                case "bill" -> bill(json, request);
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

    /** Without options the payer's code pays at once; with an outcome the payer has to confirm, and does so as the options say. */
    private Answer charge(JsonObject json, Request request) {
        required(json, "auth_code");
        BankOrder asked = read(json);
        BankOrder order = ledger.open(asked.behavior().outcome() == null ? asked.pay(now()) : asked);
        orderChanged.accept(order);
        return account(order, request);
    }

    private BankOrder read(JsonObject json) {
        SimulatorOptions options = options(json);
        Instant now = now();
        BankOrder.Terms terms = new BankOrder.Terms(
                required(json, "out_trade_no"),
                token(),
                tradeNo(now),
                amount(json),
                required(json, "subject"),
                URI.create(required(json, "notify_url")).toString(),
                now,
                Instant.parse(required(json, "expires_at")).truncatedTo(ChronoUnit.MILLIS),
                null);
        return BankOrder.placed(terms, options.behavior(), options.payAfter());
    }

    private static SimulatorOptions options(JsonObject json) {
        byte[] text = json.bytes("options");
        return SimulatorOptions.parse(text == null ? null : new String(text, UTF_8));
    }

    private static Money amount(JsonObject json) {
        JsonObject amount = json.object("amount");
        if (amount == null) {
            throw new IllegalArgumentException("amount is missing");
        }
        return Money.of(Long.parseLong(required(amount, "value")), required(amount, "currency"));
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

    private Answer refund(JsonObject json, Request request) {
        String number = required(json, "out_refund_no");
        BankOrder known = ledger.find(number).orElse(null);
        if (known != null) {
            return account(known, request);
        }
        BankOrder order = ledger.find(required(json, "out_trade_no")).orElse(null);
        SimulatorOptions options = options(json);
        Money amount = amount(json);
        String refusal = refusal(order, amount, options);
        if (order == null || refusal != null) {
            return signed(request, 422, error(String.valueOf(refusal)));
        }
        Instant now = now();
        BankOrder.Terms terms = new BankOrder.Terms(
                number,
                token(),
                tradeNo(now),
                amount,
                order.terms().subject(),
                URI.create(required(json, "notify_url")).toString(),
                now,
                now,
                order.terms().number());
        BankOrder refund = BankOrder.placed(terms, options.refundBehavior(), options.refundAfter());
        BankOrder opened = ledger.open(
                options.refundAfter().isZero() && options.refund() == SimulatorOptions.RefundOutcome.SUCCEEDS
                        ? refund.pay(now)
                        : refund);
        orderChanged.accept(opened);
        return account(opened, request);
    }

    /** Why the bank does not accept a refund; null if it does. */
    private @Nullable String refusal(@Nullable BankOrder order, Money amount, SimulatorOptions options) {
        if (order == null) {
            return "there is no such order";
        }
        if (order.state() != BankOrder.State.PAID) {
            return "the order is not paid";
        }
        if (options.refund() == SimulatorOptions.RefundOutcome.REFUSED) {
            return "the bank refunds nothing of this order";
        }
        long before = ledger.refundsOf(order.terms().number()).stream()
                .filter(refund -> refund.state() != BankOrder.State.FAILED)
                .mapToLong(refund -> refund.terms().amount().value())
                .sum();
        return !amount.currency().equals(order.terms().amount().currency())
                        || before + amount.value() > order.terms().amount().value()
                ? "it is more than was paid"
                : null;
    }

    private Answer queryRefund(JsonObject json, Request request) {
        BankOrder refund = ledger.find(required(json, "out_refund_no"))
                .filter(found -> found.terms().isRefund())
                .orElse(null);
        if (refund == null) {
            return signed(request, 404, error("there is no such refund"));
        }
        return refund.behavior().answersQueries()
                ? account(refund, request)
                : signed(request, 503, error("queries are not answered now"));
    }

    private Answer bill(JsonObject json, Request request) {
        String after = json.text("after");
        BankBill.Page page = bills.page(
                required(json, "notify_url"), LocalDate.parse(required(json, "day")), after == null ? "" : after);
        return signed(request, 200, JsonObject.write(g -> {
            g.writeStringProperty("lines", page.lines());
            if (!page.next().isEmpty()) {
                g.writeStringProperty("next", page.next());
            }
        }));
    }

    private Answer account(BankOrder order, Request request) {
        return signed(request, 200, account(order, order.state(), order.terms().amount()));
    }

    /** An order as JSON for responses and callbacks; callbacks may falsify the state and the amount. */
    static byte[] account(BankOrder order, BankOrder.State state, Money amount) {
        Instant settledAt = order.settledAt();
        BankOrder.Terms terms = order.terms();
        return JsonObject.write(g -> {
            if (terms.isRefund()) {
                g.writeStringProperty("out_trade_no", terms.refundOf());
                g.writeStringProperty("out_refund_no", terms.number());
                g.writeStringProperty("refund_no", terms.tradeNo());
                g.writeStringProperty("state", refundState(state));
            } else {
                g.writeStringProperty("out_trade_no", terms.number());
                g.writeStringProperty("trade_no", terms.tradeNo());
                g.writeStringProperty("state", state.text());
            }
            g.writeName("amount");
            g.writeStartObject();
            g.writeNumberProperty("value", amount.value());
            g.writeStringProperty("currency", amount.currency().getCurrencyCode());
            g.writeEndObject();
            if (state == BankOrder.State.PAID && settledAt != null) {
                g.writeStringProperty(terms.isRefund() ? "refunded_at" : "paid_at", settledAt.toString());
            }
        });
    }

    private static String refundState(BankOrder.State state) {
        return switch (state) {
            case OPEN -> "processing";
            case PAID -> "succeeded";
            case FAILED, CLOSED -> "failed";
        };
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
