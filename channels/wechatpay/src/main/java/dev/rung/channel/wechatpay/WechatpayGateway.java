package dev.rung.channel.wechatpay;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;

/** Calls WeChat Pay's gateway with an account's keys. Thread-safe. */
record WechatpayGateway(WechatpayAccount account, WechatpaySignatures signatures, GatewayClient client) {

    /**
     * Makes a signed call.
     *
     * @param target path and query
     */
    WechatpayResponse call(String method, String target, byte[] body, Deadline deadline) {
        URI uri = URI.create(account.gateway() + target);
        String line = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("authorization", signatures.authorization(method, line, body))
                .header("accept", "application/json")
                .header("user-agent", "Rung")
                .header(WechatpaySignatures.SERIAL, signatures.preferredSerial())
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (body.length > 0) {
            request.header("content-type", "application/json");
        }
        return WechatpayResponse.read(client.send(request.build(), deadline), signatures);
    }
}
