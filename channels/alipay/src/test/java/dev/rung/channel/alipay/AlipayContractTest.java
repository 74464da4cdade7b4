package dev.rung.channel.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.testkit.BankSide;
import dev.rung.channel.testkit.ChannelContract;
import dev.rung.channel.testkit.ChannelTestServer;
import dev.rung.payments.channel.ChannelType;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The contract against {@link FakeAlipay}, which answers by what was placed and paid. */
class AlipayContractTest extends ChannelContract {
    @Override
    protected ChannelType type() {
        return new AlipayType();
    }

    @Override
    protected BankSide bank(ChannelTestServer server) {
        return new Bank();
    }

    private static final class Bank implements BankSide {
        private static final String COLUMNS = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,订单金额（元）,备注";
        private static final String NOT_THERE =
                "{\"code\":\"40004\",\"msg\":\"Business Failed\",\"sub_code\":\"ACQ.TRADE_NOT_EXIST\"}";

        private final FakeAlipay alipay = new FakeAlipay();
        private final Map<String, Payment> paid = new TreeMap<>();
        private final Map<String, String> refunds = new TreeMap<>();

        Bank() {
            alipay.gateway.behave(request -> FakeAlipay.said(answer(FakeAlipay.fields(request))));
        }

        private String answer(Map<String, String> question) {
            String method = question.get("method");
            String number = question.get("biz_content").replaceFirst(".*\"out_trade_no\":\"([^\"]+)\".*", "$1");
            Map<String, String> members =
                    new LinkedHashMap<>(Map.of("code", "10000", "msg", "Success", "out_trade_no", number));
            Payment payment = paid.get(number);
            String response = switch (method) {
                case "alipay.trade.precreate" -> {
                    members.put("qr_code", "https://qr.alipay.com/" + number);
                    yield FakeAlipay.json(members);
                }
                case "alipay.trade.query" -> {
                    members.putAll(payment == null ? Map.of() : trade(payment));
                    yield payment == null ? NOT_THERE : FakeAlipay.json(members);
                }
                case "alipay.trade.refund" -> refund(question.get("biz_content"), members, payment);
                case "alipay.trade.fastpay.refund.query" -> refunded(question.get("biz_content"), members);
                default -> payment == null ? NOT_THERE : NOT_THERE.replace("TRADE_NOT_EXIST", "TRADE_STATUS_ERROR");
            };
            return FakeAlipay.envelope(method, response);
        }

        private String refund(String content, Map<String, String> members, @Nullable Payment payment) {
            if (payment == null) {
                return NOT_THERE;
            }
            String before = refunds.putIfAbsent(member(content, "out_request_no"), member(content, "refund_amount"));
            members.put("fund_change", before == null ? "Y" : "N");
            members.put("refund_fee", member(content, "refund_amount"));
            return FakeAlipay.json(members);
        }

        private String refunded(String content, Map<String, String> members) {
            String number = member(content, "out_request_no");
            if (refunds.containsKey(number)) {
                members.put("out_request_no", number);
                members.put("refund_status", "REFUND_SUCCESS");
                members.put("refund_amount", refunds.get(number));
                members.put("gmt_refund_pay", "2026-11-23 12:05:04");
            }
            return FakeAlipay.json(members);
        }

        private static String member(String content, String name) {
            return content.replaceFirst(".*\"" + name + "\":\"([^\"]+)\".*", "$1");
        }

        private static Map<String, String> trade(Payment payment) {
            return Map.of(
                    "trade_no",
                    "2026112322001" + payment.id(),
                    "trade_status",
                    "TRADE_SUCCESS",
                    "total_amount",
                    payment.order().amount().major());
        }

        @Override
        public Map<String, String> account() {
            return alipay.members();
        }

        @Override
        public void pay(Payment payment, String payUrl) {
            paid.put(payment.id().toString(), payment);
        }

        @Override
        public CallbackRequest callback(Payment payment) {
            Map<String, String> fields = new HashMap<>(trade(payment));
            fields.put("out_trade_no", payment.id().toString());
            fields.put("app_id", FakeAlipay.APP);
            fields.put("seller_id", FakeAlipay.SELLER);
            fields.put("gmt_payment", "2026-11-23 12:03:04");
            return new CallbackRequest(
                    Map.of(), null, FakeAlipay.notification(fields).getBytes(UTF_8));
        }

        @Override
        public CallbackRequest forgedCallback(Payment payment) {
            Map<String, String> fields =
                    FakeAlipay.parse(new String(callback(payment).body(), UTF_8));
            fields.put("total_amount", "0.01");
            return new CallbackRequest(Map.of(), null, SignedFields.form(fields).getBytes(UTF_8));
        }

        @Override
        public Optional<String> bill() {
            StringBuilder bill =
                    new StringBuilder("#支付宝业务明细查询\r\n").append(COLUMNS).append("\r\n");
            for (Payment payment : paid.values()) {
                bill.append(String.join(
                                ",",
                                trade(payment).get("trade_no") + "\t",
                                payment.id() + "\t",
                                "交易\t",
                                "两杯茶\t",
                                "2026-11-23 12:02:30",
                                "2026-11-23 12:03:04",
                                payment.order().amount().major(),
                                ""))
                        .append("\r\n");
            }
            return Optional.of(bill.append("#----业务明细列表结束----\r\n").toString());
        }

        @Override
        public void goAway() {
            alipay.close();
        }

        @Override
        public void close() {
            alipay.close();
        }
    }
}
