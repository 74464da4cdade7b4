package dev.rung.channel.alipay;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.FaultMeanings;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.RsaKeys;
import dev.rung.payments.channel.CertifiedChannel.Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Checks an account's keys, and sends Alipay a signed test request. */
final class AlipayCheck {
    /** The members of the account that Alipay's errors concern, by the error's code. */
    private static final FaultMeanings MEANINGS = new FaultMeanings()
            .with("isv.invalid-app-id", "app_id is not an app of this gateway")
            .with("isv.missing-app-id", "app_id is not an app of this gateway")
            .with(
                    "isv.invalid-signature",
                    "private_key does not match the key or certificate that was uploaded for this app_id")
            .with("isv.missing-app-cert-sn", "the app uses certificates: give app_cert, alipay_cert and root_cert")
            .with("isv.app-cert-not-exist", "app_cert is not this app's certificate, or the app uses a public key")
            .with("isv.app-cert-expired", "app_cert has expired")
            .with("isv.invalid-alipay-root-cert-sn", "root_cert is not Alipay's current root certificate")
            .with("isv.insufficient-isv-permissions", "the product is not signed for this app");

    private final AlipayGateway gateway;
    private final InstantSource clock;

    AlipayCheck(AlipayGateway gateway, InstantSource clock) {
        this.gateway = gateway;
        this.clock = clock;
    }

    /** What is wrong; empty if Alipay answers. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        AlipayAccount account = gateway.account();
        switch (account.trust()) {
            case AlipayAccount.Trust.Key(var publicKey) -> {
                if (RsaKeys.isPair(account.privateKey(), publicKey)) {
                    return List.of("public_key is the app's own public key; the public key of Alipay is required");
                }
            }
            case AlipayAccount.Trust.Certificates(AlipayCertificates certificates) -> {
                if (!RsaKeys.isPair(account.privateKey(), certificates.app().getPublicKey())) {
                    problems.add("private_key is not the key of app_cert");
                }
                if (RsaKeys.isPair(
                        account.privateKey(), certificates.alipay().getFirst().getPublicKey())) {
                    problems.add("alipay_cert is the app's own certificate; the certificate of Alipay is required");
                }
            }
        }
        for (Certificate certificate : gateway.certificates()) {
            if (certificate.expiresAt().isBefore(clock.instant())) {
                problems.add(certificate.member() + " expired at " + certificate.expiresAt());
            }
        }
        ask(problems);
        return List.copyOf(problems);
    }

    /** Queries an order that cannot exist. */
    private void ask(List<String> problems) {
        byte[] content = JsonObject.write(json -> json.writeStringProperty("out_trade_no", "rung_check"));
        switch (gateway.call(AlipayChannel.QUERY, content, Deadline.in(GatewayClient.CALL))) {
            case AlipayResponse.Unclear unclear -> problems.add(MEANINGS.explained(unclear.reason()));
            case AlipayResponse.Verified verified -> {
                if (!verified.succeeded() && !verified.code().equals(AlipayChannel.NOT_THERE)) {
                    problems.add(MEANINGS.explained("Alipay refused a query: " + verified.fault()));
                }
            }
        }
    }
}
