package dev.rung.channel.wechatpay;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.FaultMeanings;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.RsaKeys;
import dev.rung.channel.wechatpay.WechatpayAccount.Verifier;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Checks an account's keys, renews WeChat Pay's certificates when it is time to, and asks WeChat Pay something signed. */
final class WechatpayCheck {
    /** What errors say of the account's members. */
    private static final FaultMeanings MEANINGS = new FaultMeanings()
            .with("无可用的平台证书", "the merchant has no platform certificates: give public_key_id and public_key_file")
            .with("cannot be decrypted with the APIv3 key", "api_v3_key is not the merchant's current APIv3 key")
            .with("MCH_NOT_EXISTS", "mch_id is not a merchant at WeChat Pay")
            .with("商户号", "mch_id is not the merchant of serial_no")
            .with("证书序列号", "serial_no is not a valid certificate of mch_id")
            .with("SIGN_ERROR", "private_key is not the key of serial_no");

    private final WechatpayGateway gateway;
    private final InstantSource clock;

    WechatpayCheck(WechatpayGateway gateway, InstantSource clock) {
        this.gateway = gateway;
        this.clock = clock;
    }

    /** What is wrong; empty if WeChat Pay answers. */
    List<String> problems() {
        Deadline deadline = Deadline.in(GatewayClient.CALL);
        List<String> problems = new ArrayList<>();
        for (Verifier verifier : gateway.account().verifiers()) {
            if (RsaKeys.isPair(gateway.account().privateKey(), verifier.key())) {
                problems.add("the merchant's own certificate or key is given as WeChat Pay's");
            }
        }
        gateway.keys().renew(deadline);
        Instant now = clock.instant();
        gateway.keys()
                .newest()
                .filter(newest -> newest.isExpired(now))
                .ifPresent(newest -> problems.add(
                        "WeChat Pay's certificate " + newest.serial() + " expired at " + newest.expiresAt()));
        if (gateway.keys().newest().isEmpty() || !problems.isEmpty()) {
            gateway.keys()
                    .fault()
                    .ifPresent(fault -> problems.add(
                            MEANINGS.explained("WeChat Pay's certificates could not be fetched: " + fault)));
        }
        if (problems.isEmpty()) {
            ask(problems, deadline);
        }
        return List.copyOf(problems);
    }

    /** Queries an order that cannot exist. */
    private void ask(List<String> problems, Deadline deadline) {
        WechatpayParties parties =
                new WechatpayParties(gateway.account(), gateway.account().subMerchant());
        String target = parties.orders() + "out-trade-no/rung_check" + parties.query();
        switch (gateway.call("GET", target, new byte[0], deadline)) {
            case WechatpayResponse.Unclear unclear -> problems.add(MEANINGS.explained(unclear.reason()));
            case WechatpayResponse.Verified verified -> {
                if (verified.status() != 200 && !WechatpayChannel.NOT_THERE.contains(verified.code())) {
                    problems.add(MEANINGS.explained("WeChat Pay refused a query: " + verified.fault()));
                }
            }
        }
    }
}
