package dev.rung.channel.alipay;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.payments.model.Payment;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Calls Alipay's gateway with an account's keys. Thread-safe. */
record AlipayGateway(AlipayAccount account, AlipayRequests requests, GatewayClient client) {

    AlipayResponse call(String method, byte[] content, @Nullable URI notifyUrl, Deadline deadline) {
        return AlipayResponse.read(
                client.send(requests.post(method, content, notifyUrl), deadline), method, account.publicKey());
    }

    /** Whether an answer names this payment's order. */
    static boolean isOf(Payment payment, JsonObject response) {
        return payment.id().toString().equals(response.text("out_trade_no"));
    }
}
