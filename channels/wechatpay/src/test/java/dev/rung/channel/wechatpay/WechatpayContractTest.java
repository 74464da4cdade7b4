package dev.rung.channel.wechatpay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.gateway.FakeGateway.Asked;
import dev.rung.channel.gateway.FakeGateway.Said;
import dev.rung.channel.gateway.Orders;
import dev.rung.channel.testkit.BankSide;
import dev.rung.channel.testkit.ChannelContract;
import dev.rung.channel.testkit.ChannelTestServer;
import dev.rung.payments.channel.ChannelType;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The contract against {@link FakeWechatpay}, which answers by what was placed and paid. */
class WechatpayContractTest extends ChannelContract {
    @Override
    protected ChannelType type() {
        return new WechatpayType();
    }

    @Override
    protected BankSide bank(ChannelTestServer server) {
        return new Bank();
    }

    private static final class Bank implements BankSide {
        private static final String COLUMNS = "交易时间,微信订单号,商户订单号,交易状态,货币种类,订单金额";
        private static final String NOT_THERE = "{\"code\":\"ORDER_NOT_EXIST\",\"message\":\"订单不存在\"}";

        private final FakeWechatpay wechatpay = new FakeWechatpay(InstantSource.system());
        private final Map<String, Payment> paid = new TreeMap<>();
        private final Map<String, String> refunds = new TreeMap<>();

        Bank() {
            wechatpay.gateway.behave(this::answer);
        }

        private Said answer(Asked request) {
            String path = request.target().getPath();
            if (!FakeWechatpay.isMerchants(request)) {
                return said(401, "{\"code\":\"SIGN_ERROR\",\"message\":\"签名错误\"}");
            }
            if (path.endsWith("/native")) {
                return said(200, "{\"code_url\":\"weixin://wxpay/bizpayurl?pr=JyC91EIz1\"}");
            }
            if (path.startsWith("/v3/refund/domestic/refunds")) {
                return refund(path, new String(request.body(), UTF_8));
            }
            String number = path.replaceFirst(".*(pay_[a-z0-9]+).*", "$1");
            if (!paid.containsKey(number)) {
                return said(404, NOT_THERE);
            }
            return path.endsWith("/close")
                    ? said(400, "{\"code\":\"ORDERPAID\",\"message\":\"订单已支付\"}")
                    : said(200, FakeWechatpay.transaction(number, "SUCCESS"));
        }

        private Said refund(String path, String body) {
            if (!body.isEmpty()) {
                String order = member(body, "out_trade_no");
                if (!paid.containsKey(order)) {
                    return said(404, "{\"code\":\"RESOURCE_NOT_EXISTS\",\"message\":\"订单不存在\"}");
                }
                String number = member(body, "out_refund_no");
                refunds.putIfAbsent(number, FakeWechatpay.refund(order, number, "status", "SUCCESS", 500));
                return said(200, refunds.get(number));
            }
            String refund = refunds.get(path.substring(path.lastIndexOf('/') + 1));
            return refund == null
                    ? said(404, "{\"code\":\"RESOURCE_NOT_EXISTS\",\"message\":\"退款单不存在\"}")
                    : said(200, refund);
        }

        private static String member(String content, String name) {
            return content.replaceFirst(".*\"" + name + "\":\"([^\"]+)\".*", "$1");
        }

        private Said said(int status, String body) {
            return new Said(status, wechatpay.signed(body.getBytes(UTF_8)), body.getBytes(UTF_8));
        }

        @Override
        public Map<String, String> account() {
            return wechatpay.members();
        }

        @Override
        public void pay(Payment payment, String payUrl) {
            paid.put(payment.id().toString(), payment);
        }

        private static byte[] notification(Payment payment) {
            return FakeWechatpay.notification(
                            "TRANSACTION.SUCCESS",
                            FakeWechatpay.transaction(payment.id().toString(), "SUCCESS"),
                            FakeWechatpay.API_V3_KEY)
                    .getBytes(UTF_8);
        }

        private static CallbackRequest request(Map<String, String> headers, byte[] body) {
            Map<String, List<String>> lower = new HashMap<>();
            headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), List.of(value)));
            return new CallbackRequest(lower, null, body);
        }

        @Override
        public CallbackRequest callback(Payment payment) {
            byte[] body = notification(payment);
            return request(wechatpay.signed(body), body);
        }

        @Override
        public CallbackRequest forgedCallback(Payment payment) {
            byte[] body = notification(payment);
            KeyPair others = Orders.rsa();
            return request(
                    FakeWechatpay.signed(body, InstantSource.system().instant(), FakeWechatpay.KEY_ID, others), body);
        }

        @Override
        public Optional<String> bill() {
            StringBuilder bill = new StringBuilder("\ufeff" + COLUMNS + "\r\n");
            for (Payment payment : paid.values()) {
                bill.append("`2026-11-23 12:03:04,`4200000001202611230001,`")
                        .append(payment.id())
                        .append(",`SUCCESS,`CNY,`")
                        .append(payment.order().amount().major())
                        .append("\r\n");
            }
            return Optional.of(bill.append("总交易单数,应结订单总金额\r\n`1,`12.30\r\n").toString());
        }

        @Override
        public void goAway() {
            wechatpay.close();
        }

        @Override
        public void close() {
            wechatpay.close();
        }
    }
}
