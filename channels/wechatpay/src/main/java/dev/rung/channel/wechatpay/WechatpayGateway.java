package dev.rung.channel.wechatpay;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.KeptFile;
import dev.rung.payments.model.Payment;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Calls WeChat Pay's gateway with an account's keys. Thread-safe. */
final class WechatpayGateway {
    private static final byte[] NOTHING = {};

    private final WechatpayAccount account;
    private final WechatpaySignatures signatures;
    private final WechatpayKeys keys;
    private final GatewayClient client;

    WechatpayGateway(
            WechatpayAccount account,
            GatewayClient client,
            InstantSource clock,
            RandomGenerator random,
            KeptFile fetched) {
        this.account = account;
        this.client = client;
        this.keys = new WechatpayKeys(account, this::certificates, fetched, clock);
        this.signatures = new WechatpaySignatures(account, keys, clock, random);
    }

    WechatpayAccount account() {
        return account;
    }

    /** Whom a payment is for. */
    WechatpayParties parties(Payment payment) {
        return new WechatpayParties(account, payment.order().subMerchant());
    }

    WechatpaySignatures signatures() {
        return signatures;
    }

    WechatpayKeys keys() {
        return keys;
    }

    GatewayClient client() {
        return client;
    }

    /**
     * Makes a signed call.
     *
     * @param target path and query
     */
    WechatpayResponse call(String method, String target, byte[] body, Deadline deadline) {
        return WechatpayResponse.read(send(method, target, body, deadline), signatures, deadline);
    }

    private GatewayClient.Reply certificates(Deadline deadline) {
        return send("GET", WechatpayKeys.TARGET, NOTHING, deadline);
    }

    private GatewayClient.Reply send(String method, String target, byte[] body, Deadline deadline) {
        URI uri = URI.create(account.gateway() + target);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("authorization", signatures.authorization(method, line(uri), body))
                .header("accept", "application/json")
                .header("user-agent", "Rung")
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        keys.preferredSerial().ifPresent(serial -> request.header(WechatpaySignatures.SERIAL, serial));
        if (body.length > 0) {
            request.header("content-type", "application/json");
        }
        return client.send(request.build(), deadline);
    }

    /** Downloads a file, whose answer is not signed. Returns the fault; empty if it is complete. */
    Optional<String> download(URI uri, Path file) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("authorization", signatures.authorization("GET", line(uri), NOTHING))
                .header("user-agent", "Rung")
                .build();
        return client.download(request, file);
    }

    private static String line(URI uri) {
        return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }
}
