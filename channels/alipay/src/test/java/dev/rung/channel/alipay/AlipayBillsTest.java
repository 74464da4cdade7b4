package dev.rung.channel.alipay;

import static dev.rung.channel.gateway.Orders.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.api.AlipayApiException;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.domain.AlipayDataDataserviceBillDownloadurlQueryModel;
import com.alipay.api.request.AlipayDataDataserviceBillDownloadurlQueryRequest;
import dev.rung.channel.gateway.FakeGateway;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.payments.channel.ChannelBills;
import dev.rung.payments.channel.ChannelBills.Fetched;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bills of Alipay, beside what Alipay's own SDK asks. */
class AlipayBillsTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 23);
    private static final String QUERY = "alipay.data.dataservice.bill.downloadurl.query";

    @TempDir
    Path folder;

    private final FakeAlipay alipay = new FakeAlipay();
    private final FakeGateway files = new FakeGateway();
    private final GatewayClient client = new GatewayClient(null);
    private final AlipayAccount account = alipay.account(AlipayAccount.Mode.PRECREATE);
    private final ChannelBills bills = new AlipayChannel(
                    account,
                    () -> URI.create("https://pay.example/callbacks/alipay"),
                    client,
                    () -> NOON,
                    FakeAlipay.NO_TOKENS,
                    FakeAlipay.NO_FILE)
            .bills();

    @AfterEach
    void close() {
        client.close();
        alipay.close();
        files.close();
    }

    private Fetched fetch() throws IOException {
        return bills.fetch(DAY, folder.resolve("bill"));
    }

    private void offered() {
        alipay.respond(
                QUERY,
                "{\"code\":\"10000\",\"msg\":\"Success\",\"bill_download_url\":\"" + files.url() + "/bill?token=1\"}");
    }

    @Test
    void theBillIsDownloadedAsTheSdkAsksForIt() throws IOException, AlipayApiException {
        offered();
        files.behave(request -> new FakeGateway.Said(200, Map.of(), "the zip".getBytes(UTF_8)));
        assertThat(fetch()).isEqualTo(new Fetched.Downloaded());
        assertThat(Files.readString(folder.resolve("bill"))).isEqualTo("the zip");
        assertThat(files.asked().getFirst().target()).hasToString("/bill?token=1");

        AlipayDataDataserviceBillDownloadurlQueryModel model = new AlipayDataDataserviceBillDownloadurlQueryModel();
        model.setBillType("trade");
        model.setBillDate(DAY.toString());
        AlipayDataDataserviceBillDownloadurlQueryRequest request =
                new AlipayDataDataserviceBillDownloadurlQueryRequest();
        request.setBizModel(model);
        DefaultAlipayClient sdk = new DefaultAlipayClient(
                account.gateway().toString(),
                FakeAlipay.APP,
                FakeAlipay.appPrivateKey(),
                "json",
                "utf-8",
                FakeAlipay.alipayPublicKey(),
                "RSA2");
        assertThat(sdk.execute(request).getBillDownloadUrl()).isEqualTo(files.url() + "/bill?token=1");
        JsonObject ours = content(0);
        JsonObject theirs = content(1);
        assertThat(ours.text("bill_type")).isEqualTo(theirs.text("bill_type"));
        assertThat(ours.text("bill_date")).isEqualTo(theirs.text("bill_date"));
    }

    private JsonObject content(int request) {
        return JsonObject.parse(String.valueOf(
                        FakeAlipay.fields(alipay.gateway.asked().get(request)).get("biz_content"))
                .getBytes(UTF_8));
    }

    @Test
    void aDayWithoutABillHadNoBusiness() throws IOException {
        alipay.respond(
                QUERY,
                "{\"code\":\"40004\",\"msg\":\"Business Failed\",\"sub_code\":\"isp.bill_not_exist\",\"sub_msg\":\"账单不存在\"}");
        assertThat(fetch()).isEqualTo(new Fetched.Nothing());
    }

    @Test
    void whatFailsIsUnavailable() throws IOException {
        alipay.respond(
                QUERY,
                "{\"code\":\"20000\",\"msg\":\"Service Currently Unavailable\",\"sub_code\":\"isp.unknow-error\"}");
        assertThat(fetch()).isEqualTo(new Fetched.Unavailable("isp.unknow-error"));
        alipay.respond(QUERY, "{\"code\":\"10000\",\"msg\":\"Success\"}");
        assertThat(fetch()).isEqualTo(new Fetched.Unavailable("the answer has no bill_download_url"));
        offered();
        files.behave(request -> new FakeGateway.Said(403, Map.of(), "expired".getBytes(UTF_8)));
        assertThat(fetch()).isEqualTo(new Fetched.Unavailable("the download was answered with status 403"));
    }
}
