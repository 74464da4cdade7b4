package dev.rung.channel.wechatpay;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Optional;

/** Calls WeChat Pay's gateway with an account's keys. Thread-safe. */
record WechatpayGateway(WechatpayAccount account, WechatpaySignatures signatures, GatewayClient client) {

    /**
     * Makes a signed call.
     *
     * @param target path and query
     */
    WechatpayResponse call(String method, String target, byte[] body, Deadline deadline) {
        URI uri = URI.create(account.gateway() + target);
        String line = line(uri);
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

    /** Downloads a file, whose answer is not signed. Returns the fault; empty if it is complete. */
    Optional<String> download(URI uri, Path file) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("authorization", signatures.authorization("GET", line(uri), new byte[0]))
                .header("user-agent", "Rung")
                .build();
        return client.download(request, file);
    }

    private static String line(URI uri) {
        return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }
}
