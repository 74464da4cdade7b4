package dev.rung.channel.alipay;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.payments.channel.ChannelBills;
import dev.rung.payments.model.Payment;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Alipay's trade bills: a signed call answers a URL, valid for 30 s, of a zip with the CSV in GBK. */
final class AlipayBills implements ChannelBills {
    static final String QUERY = "alipay.data.dataservice.bill.downloadurl.query";

    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    /** Alipay creates no bill for a day without transactions, and gives the same answer before a bill is created. */
    private static final Set<String> NO_BILL = Set.of("isp.bill_not_exist", "BILL_NOT_EXIST");

    private final AlipayGateway gateway;

    AlipayBills(AlipayGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public ZoneId zone() {
        return SHANGHAI;
    }

    @Override
    public Fetched fetch(LocalDate day, Path file) {
        byte[] content = JsonObject.write(json -> {
            json.writeStringProperty("bill_type", "trade");
            json.writeStringProperty("bill_date", day.toString());
        });
        return switch (gateway.call(QUERY, content, Deadline.in(GatewayClient.CALL))) {
            case AlipayResponse.Unclear unclear -> new Fetched.Unavailable(unclear.reason());
            case AlipayResponse.Verified verified when NO_BILL.contains(verified.code()) -> new Fetched.Nothing();
            case AlipayResponse.Verified verified
            when !verified.succeeded() -> new Fetched.Unavailable(verified.fault());
            case AlipayResponse.Verified verified ->
                download(verified.response().text("bill_download_url"), file);
        };
    }

    /** What a merchant with its own authorization was paid is on its own bill. */
    @Override
    public boolean covers(Payment payment) {
        return !gateway.requests().hasOwnToken(payment.order().merchantId());
    }

    private Fetched download(@Nullable String url, Path file) {
        URI address;
        try {
            address = URI.create(url == null ? "" : url);
        } catch (IllegalArgumentException e) {
            return new Fetched.Unavailable("the answer's bill_download_url is not a URL");
        }
        if (!"https".equals(address.getScheme()) && !"http".equals(address.getScheme())) {
            return new Fetched.Unavailable("the answer has no bill_download_url");
        }
        return gateway.client()
                .download(HttpRequest.newBuilder(address).build(), file)
                .<Fetched>map(Fetched.Unavailable::new)
                .orElseGet(Fetched.Downloaded::new);
    }
}
