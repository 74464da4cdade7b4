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

/** Sends the callback for an order's result, as the order's options request. Thread-safe. */
final class CallbackSender {
    private static final byte[] RECEIVED = SimulatedBank.RECEIVED.getBytes(UTF_8);

    private final GatewayClient client;
    private final MessageSigner signer;
    private final MessageSigner forger;

    /**
     * @param forger signs with a key unknown to the platform
     */
    CallbackSender(GatewayClient client, MessageSigner signer, MessageSigner forger) {
        this.client = client;
        this.signer = signer;
        this.forger = forger;
    }

    /** Sends one callback; returns whether the platform acknowledged it. */
    boolean send(BankOrder order) {
        CallbackKind kind = order.behavior().callback();
        byte[] body = body(order, kind);
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(order.terms().notifyUrl()))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        (kind == CallbackKind.FORGED ? forger : signer)
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
            // A forged callback always reports a payment.
            case FORGED -> BankGateway.account(order, BankOrder.State.PAID, amount);
        };
    }

    /** The smallest possible amount, which a fraudulent payer would choose. */
    private static Money another(Money amount) {
        return new Money(amount.value() == 1 ? 2 : 1, amount.currency());
    }
}
