package dev.rung.channel.alipay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.KeptFile;
import dev.rung.core.model.MerchantId;
import dev.rung.payments.channel.CertifiedChannel.Certificate;
import dev.rung.payments.model.Payment;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Calls Alipay's gateway with an account's keys. Thread-safe. */
final class AlipayGateway {
    private static final String CERTIFICATE = "alipay.open.app.alipaycert.download";

    private final AlipayAccount account;
    private final AlipayRequests requests;
    private final GatewayClient client;
    private final AlipayKeys keys;

    AlipayGateway(
            AlipayAccount account,
            GatewayClient client,
            InstantSource clock,
            Function<MerchantId, Optional<String>> appAuthTokens,
            KeptFile fetched) {
        this.account = account;
        this.requests = new AlipayRequests(account, clock, appAuthTokens);
        this.client = client;
        this.keys = switch (account.trust()) {
            case AlipayAccount.Trust.Key(var publicKey) -> new AlipayKeys.Fixed(publicKey);
            case AlipayAccount.Trust.Certificates(AlipayCertificates certificates) ->
                new AlipayCertifiedKeys(certificates, this::certificate, fetched, clock);
        };
    }

    AlipayAccount account() {
        return account;
    }

    AlipayRequests requests() {
        return requests;
    }

    GatewayClient client() {
        return client;
    }

    AlipayKeys keys() {
        return keys;
    }

    /** Makes a call for a payment's merchant. */
    AlipayResponse call(String method, byte[] content, @Nullable URI notifyUrl, Payment payment, Deadline deadline) {
        return call(requests.post(method, content, notifyUrl, payment.order().merchantId()), method, deadline);
    }

    /** Makes a call for the account. */
    AlipayResponse call(String method, byte[] content, Deadline deadline) {
        return call(requests.post(method, content, null, null), method, deadline);
    }

    private AlipayResponse call(HttpRequest request, String method, Deadline deadline) {
        return AlipayResponse.read(client.send(request, deadline), method, keys, deadline);
    }

    /** Fetches a certificate of Alipay. It proves itself: nothing before it could verify an answer that it signs. */
    private String certificate(String sn, Deadline deadline) {
        byte[] content = JsonObject.write(json -> json.writeStringProperty("alipay_cert_sn", sn));
        byte[] body = switch (client.send(requests.post(CERTIFICATE, content, null, null), deadline)) {
            case GatewayClient.Reply.None(String reason) -> throw new IllegalArgumentException(reason);
            case GatewayClient.Reply.Answer answer -> answer.body();
        };
        JsonObject response = JsonObject.parse(body).object(AlipayResponse.member(CERTIFICATE));
        String text = response == null ? null : response.text("alipay_cert_content");
        if (text == null) {
            throw new IllegalArgumentException(
                    response == null
                            ? "the answer has no certificate"
                            : new AlipayResponse.Verified(response, "").fault());
        }
        return new String(Base64.getMimeDecoder().decode(text), ISO_8859_1);
    }

    List<Certificate> certificates() {
        return account.trust() instanceof AlipayAccount.Trust.Certificates(AlipayCertificates certificates)
                        && keys instanceof AlipayCertifiedKeys certified
                ? List.of(expiring("app_cert", certificates.app()), expiring("alipay_cert", certified.newest()))
                : List.of();
    }

    private static Certificate expiring(String member, X509Certificate certificate) {
        return new Certificate(member, certificate.getNotAfter().toInstant());
    }

    /** Whether an answer names this payment's order. */
    static boolean isOf(Payment payment, JsonObject response) {
        return payment.id().toString().equals(response.text("out_trade_no"));
    }
}
