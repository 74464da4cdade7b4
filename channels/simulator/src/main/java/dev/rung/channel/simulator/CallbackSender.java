package dev.rung.channel.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.GatewayClient.Reply;
import dev.rung.payments.bank.BankBehavior.CallbackKind;
import dev.rung.payments.bank.BankOrder;
import dev.rung.payments.model.Money;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Arrays;

/** Tells the platform how an order ended, in the manner that was asked for. Thread-safe. */
final class CallbackSender {
    private static final byte[] RECEIVED = SimulatedBank.RECEIVED.getBytes(UTF_8);

    private final GatewayClient client;
    private final MessageSigner seal;
    private final MessageSigner forger;

    /**
     * @param forger signs with a key that is nobody's
     */
    CallbackSender(GatewayClient client, MessageSigner seal, MessageSigner forger) {
        this.client = client;
        this.seal = seal;
        this.forger = forger;
    }

    /** Sends one callback; whether the platform acknowledged it. */
    boolean send(BankOrder order) {
        CallbackKind kind = order.manners().callback();
        byte[] body = body(order, kind);
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(order.terms().notifyUrl()))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        (kind == CallbackKind.FORGED ? forger : seal)
                .headers(MessageSigner.CALLBACK, body)
                .forEach(request::header);
        return switch (client.send(request.build(), Deadline.in(GatewayClient.CALL))) {
            case Reply.Answer answer -> answer.status() == 200 && Arrays.equals(answer.body(), RECEIVED);
            case Reply.None none -> false;
        };
    }

    private static byte[] body(BankOrder order, CallbackKind kind) {
        Money amount = order.terms().amount();
        return switch (kind) {
            case PROMPT, LOST, LATE, DUPLICATE -> BankGateway.account(order, order.state(), amount);
            case WRONG_AMOUNT -> BankGateway.account(order, order.state(), another(amount));
            // Whoever forges says that it was paid, whatever became of it.
            case FORGED -> BankGateway.account(order, BankOrder.State.PAID, amount);
        };
    }

    /** The smallest amount there is, which is what a cheat would like to have paid. */
    private static Money another(Money amount) {
        return new Money(amount.value() == 1 ? 2 : 1, amount.currency());
    }
}
