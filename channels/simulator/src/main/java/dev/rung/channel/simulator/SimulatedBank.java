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
 * A bank that behaves as its orders ask it to. What it knows is in its ledger, so that it forgets nothing when it is killed, and several
 * servers with one ledger are one bank. Thread-safe.
 *
 * <p>It is asked over HTTP only, by {@link #answer}: the gateway by Rung, the page by a payer. Between {@link #start} and {@link #close} it also acts by
 * itself: payers pay, callbacks go out.
 */
final class SimulatedBank implements AutoCloseable {
    /** What the platform says when it has taken a callback. */
    static final String RECEIVED = "{\"result\":\"received\"}";

    private static final String PAGE = "/pay/";
    private static final String GATEWAY = "/gateway/";
    private static final int RACES_MAX = 10;

    private final BankLedger ledger;
    private final InstantSource clock;
    private final BankGateway gateway;
    private final PayPage page = new PayPage();
    private final BankScheduler errands;

    /**
     * Opens it.
     *
     * @param url where payers reach this bank, without a slash at the end
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
        MessageSigner seal =
                new MessageSigner(keys.bank().getPrivate(), keys.platform().getPublic(), clock, random);
        MessageSigner forger = new MessageSigner(
                SimulatorKeys.pair().getPrivate(), keys.platform().getPublic(), clock, random);
        this.errands = new BankScheduler(ledger, new CallbackSender(client, seal, forger), clock);
        this.gateway = new BankGateway(ledger, token -> url.get() + PAGE + token, seal, errands::nudge, clock, random);
    }

    /** Begins to act by itself. */
    void start() {
        errands.start();
    }

    /** Answers whoever asks. */
    Answer answer(Request request) {
        String path = request.path();
        boolean post = request.method().equals("POST");
        boolean get = request.method().equals("GET") || request.method().equals("HEAD");
        if (post && path.startsWith(GATEWAY)) {
            return gateway.answer(path.substring(GATEWAY.length()), request);
        }
        if (path.startsWith(PAGE) && (get || post)) {
            Optional<BankOrder> order = ledger.findByToken(path.substring(PAGE.length()));
            if (order.isEmpty()) {
                return page.nothing(request);
            }
            return post ? choose(order.get(), request) : page.show(order.get(), request);
        }
        return get ? page.file(path, request) : page.nothing(request);
    }

    /** A person has pressed a button. */
    private Answer choose(BankOrder seen, Request request) {
        String choice = form(request.body());
        BankOrder order = seen;
        for (int races = 0; races < RACES_MAX; races++) {
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
                errands.nudge(after);
                break;
            }
            order = ledger.find(order.terms().number()).orElse(order);
        }
        return page.seeAfter(order.terms().token(), choice);
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
        errands.close();
    }
}
