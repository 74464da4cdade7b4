package dev.rung.channel.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.gateway.GatewayClient;
import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.bank.BankOrder;
import dev.rung.payments.channel.HostedBank.Answer;
import dev.rung.payments.channel.HostedBank.Request;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A bank whose behavior is set by each order's options. All state is in its ledger: a crash loses nothing, and several servers with one
 * ledger act as one bank. Thread-safe.
 *
 * <p>{@link #answer} serves HTTP requests: the gateway for Rung, the pay page for payers. Between {@link #start} and {@link #close}
 * simulated payers pay and callbacks are sent.
 */
final class SimulatedBank implements AutoCloseable {
    /** The response body with which the platform acknowledges a callback. */
    static final String RECEIVED = "{\"result\":\"received\"}";

    private static final String PAGE = "/pay/";
    private static final String GATEWAY = "/gateway/";
    private static final int CHANGE_ATTEMPTS_MAX = 10;

    private final BankLedger ledger;
    private final InstantSource clock;
    private final BankGateway gateway;
    private final PayPage page = new PayPage();
    private final BankScheduler scheduler;

    /**
     * Creates the bank.
     *
     * @param url the bank's base URL for payers, without a trailing slash
     */
    SimulatedBank(
            BankLedger ledger,
            Supplier<URI> url,
            SimulatorKeys keys,
            GatewayClient client,
            InstantSource clock,
            RandomGenerator random) {
        this.ledger = ledger;
        this.clock = clock;
        MessageSigner signer =
                new MessageSigner(keys.bank().getPrivate(), keys.platform().getPublic(), clock, random);
        MessageSigner forger = new MessageSigner(
                SimulatorKeys.pair().getPrivate(), keys.platform().getPublic(), clock, random);
        this.scheduler = new BankScheduler(ledger, new CallbackSender(client, signer, forger), clock);
        this.gateway = new BankGateway(
                ledger, token -> url.get() + PAGE + token, signer, scheduler::orderChanged, clock, random);
    }

    /** Starts the scheduled tasks. */
    void start() {
        scheduler.start();
    }

    /** Serves a request to the gateway or the pay page. */
    Answer answer(Request request) {
        String path = request.path();
        boolean post = request.method().equals("POST");
        boolean get = request.method().equals("GET") || request.method().equals("HEAD");
        if (post && path.startsWith(GATEWAY)) {
            return gateway.answer(path.substring(GATEWAY.length()), request);
        }
        if (path.startsWith(PAGE) && (get || post)) {
            Optional<BankOrder> order = ledger.findByToken(path.substring(PAGE.length()))
                    .filter(found -> !found.terms().isRefund());
            if (order.isEmpty()) {
                return page.nothing(request);
            }
            return post ? choose(order.get(), request) : page.show(order.get(), request);
        }
        return get ? page.file(path, request) : page.nothing(request);
    }

    /** Applies a choice made on the pay page. */
    private Answer choose(BankOrder seen, Request request) {
        String choice = form(request.body());
        BankOrder order = seen;
        for (int attempts = 0; attempts < CHANGE_ATTEMPTS_MAX; attempts++) {
            Instant now = Instant.ofEpochMilli(clock.millis());
            BankOrder after = switch (choice) {
                case PayPage.PAY -> order.pay(now);
                case PayPage.PAY_AND_LOSE -> order.payAndLoseCallback(now);
                case PayPage.FAIL -> order.fail(now);
                default -> order;
            };
            if (after.equals(order)) {
                break;
            }
            if (ledger.change(order, after)) {
                scheduler.orderChanged(after);
                break;
            }
            order = ledger.find(order.terms().number()).orElse(order);
        }
        return page.seeAfter(order.terms().token(), choice, request);
    }

    private static String form(byte[] body) {
        for (String pair : new String(body, UTF_8).split("&", -1)) {
            if (pair.startsWith("choice=")) {
                try {
                    return URLDecoder.decode(pair.substring("choice=".length()), UTF_8);
                } catch (IllegalArgumentException e) {
                    return "";
                }
            }
        }
        return "";
    }

    @Override
    public void close() {
        scheduler.close();
    }
}
