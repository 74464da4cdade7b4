package dev.rung.channel.wechatpay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.channel.gateway.FakeGateway;
import dev.rung.channel.gateway.GatewayClient;
import dev.rung.payments.channel.ChannelBills;
import dev.rung.payments.channel.ChannelBills.Fetched;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bills of WeChat Pay: a signed answer, then a signed download, which the answer's hash proves. */
class WechatpayBillsTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 23);
    private static final String CALL = "GET /v3/bill/tradebill?bill_type=ALL&tar_type=GZIP&bill_date=2026-11-23";
    private static final String TEXT = "交易时间,公众账号ID\r\n";

    @TempDir
    Path folder;

    private final FakeWechatpay wechatpay = new FakeWechatpay(InstantSource.system());
    private final FakeGateway files = new FakeGateway();
    private final GatewayClient client = new GatewayClient(null);
    private final ChannelBills bills = new WechatpayChannel(
                    wechatpay.account(),
                    () -> URI.create("https://pay.example/callbacks/wechatpay"),
                    client,
                    InstantSource.system(),
                    new Random(1),
                    FakeWechatpay.NO_FILE)
            .bills();

    @AfterEach
    void close() {
        client.close();
        wechatpay.close();
        files.close();
    }

    private Fetched fetch() throws IOException {
        return bills.fetch(DAY, folder.resolve("bill"));
    }

    private static byte[] gzip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(TEXT.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    private void offered(String hash) {
        wechatpay.respond(
                CALL,
                200,
                "{\"hash_type\":\"SHA1\",\"hash_value\":\"" + hash + "\",\"download_url\":\"" + files.url()
                        + "/v3/billdownload/file?token=6XIv5TUPto7pByrTQKhd6kwvyKLG\"}");
    }

    private static String sha1() throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(TEXT.getBytes(UTF_8)));
    }

    @Test
    void theBillIsDownloadedWithASignatureAndComparedWithItsHash() throws IOException, GeneralSecurityException {
        byte[] gzip = gzip();
        files.behave(request -> new FakeGateway.Said(FakeWechatpay.isMerchants(request) ? 200 : 401, Map.of(), gzip));
        offered(sha1());
        assertThat(fetch()).isEqualTo(new Fetched.Downloaded());
        assertThat(Files.readAllBytes(folder.resolve("bill"))).isEqualTo(gzip);
    }

    @Test
    void aFileOfAnotherHashIsNotTheBill() throws IOException {
        byte[] gzip = gzip();
        files.behave(request -> new FakeGateway.Said(200, Map.of(), gzip));
        offered("0123456789abcdef0123456789abcdef01234567");
        assertThat(fetch()).isEqualTo(new Fetched.Unavailable("the download does not have the SHA-1 of the answer"));
    }

    @Test
    void aDayWithoutABillHadNoBusinessAndOneInTheMakingIsUnavailable() throws IOException {
        wechatpay.respond(CALL, 400, "{\"code\":\"NO_STATEMENT_EXIST\",\"message\":\"账单文件不存在\"}");
        assertThat(fetch()).isEqualTo(new Fetched.Nothing());
        wechatpay.respond(CALL, 400, "{\"code\":\"STATEMENT_CREATING\",\"message\":\"账单生成中\"}");
        assertThat(fetch()).isEqualTo(new Fetched.Unavailable("400 STATEMENT_CREATING: 账单生成中"));
    }
}
