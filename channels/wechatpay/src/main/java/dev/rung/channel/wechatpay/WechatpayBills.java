package dev.rung.channel.wechatpay;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.payments.channel.ChannelBills;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.SubMerchant;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** WeChat Pay's trade bills: a signed call answers a URL and a SHA-1; the URL, called with a signature, a gzip. */
final class WechatpayBills implements ChannelBills {
    private static final String BILL = "/v3/bill/tradebill?bill_type=ALL&tar_type=GZIP&bill_date=";

    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    private static final byte[] NOTHING = {};

    private final WechatpayGateway gateway;

    WechatpayBills(WechatpayGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public ZoneId zone() {
        return SHANGHAI;
    }

    @Override
    public Fetched fetch(LocalDate day, Path file) throws IOException {
        SubMerchant subMerchant = gateway.account().subMerchant();
        String target = BILL + day + (subMerchant == null ? "" : "&sub_mchid=" + subMerchant.mchId());
        WechatpayResponse answer = gateway.call("GET", target, NOTHING, Deadline.in(GatewayClient.CALL));
        return switch (answer) {
            case WechatpayResponse.Unclear unclear -> new Fetched.Unavailable(unclear.reason());
            case WechatpayResponse.Verified verified
            when verified.code().equals("NO_STATEMENT_EXIST") -> new Fetched.Nothing();
            case WechatpayResponse.Verified verified
            when verified.status() != 200 -> new Fetched.Unavailable(verified.fault());
            case WechatpayResponse.Verified verified ->
                download(
                        verified.members().text("download_url"),
                        verified.members().text("hash_value"),
                        file);
        };
    }

    /** A bill for one merchant below a service provider has no payments of another. */
    @Override
    public boolean covers(Payment payment) {
        SubMerchant billed = gateway.account().subMerchant();
        SubMerchant paid = payment.order().subMerchant();
        return billed == null || paid != null && paid.mchId().equals(billed.mchId());
    }

    private Fetched download(@Nullable String url, @Nullable String hash, Path file) throws IOException {
        if (url == null || hash == null) {
            return new Fetched.Unavailable("the answer has no download_url and hash_value");
        }
        URI address;
        try {
            address = URI.create(url);
        } catch (IllegalArgumentException e) {
            return new Fetched.Unavailable("the answer's download_url is not a URL");
        }
        Optional<String> fault = gateway.download(address, file);
        if (fault.isPresent()) {
            return new Fetched.Unavailable(fault.get());
        }
        // The download is not signed: the signed answer's hash proves it.
        return hash.equalsIgnoreCase(sha1(file))
                ? new Fetched.Downloaded()
                : new Fetched.Unavailable("the download does not have the SHA-1 of the answer");
    }

    /** Of what the file holds inflated. */
    private static String sha1(Path file) throws IOException {
        try (InputStream bytes = new GZIPInputStream(Files.newInputStream(file));
                DigestInputStream digested = new DigestInputStream(bytes, MessageDigest.getInstance("SHA-1"))) {
            digested.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digested.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
