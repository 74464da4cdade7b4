package dev.rung.reconciliation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Sample bills in the formats of the channels. */
public final class SampleBills {
    public static final Charset GBK = Charset.forName("GBK");

    private static final String ALIPAY_COLUMNS = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,"
            + "订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
            + "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";

    private static final String WECHATPAY_COLUMNS = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
            + "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";

    private SampleBills() {}

    /** A bill with these lines. */
    public static String alipay(String... lines) {
        return "#支付宝业务明细查询\r\n#账号:[20880011223344556677]\r\n"
                + "#起始日期:[2026年11月23日 00:00:00]   终止日期:[2026年11月24日 00:00:00]\r\n"
                + "#-----------------------------------------业务明细列表----------------------------------------\r\n"
                + ALIPAY_COLUMNS + "\r\n"
                + List.of(lines).stream().map(l -> l + "\r\n").collect(Collectors.joining())
                + "#-----------------------------------------业务明细列表结束------------------------------------\r\n"
                + "#交易合计：" + lines.length + "笔，商家实收共12.30元，商家优惠共0.00元\r\n#退款合计：0笔，商家实收退款共0.00元，商家优惠退款共0.00元\r\n"
                + "#导出时间：[2026年11月24日 09:00:00]\r\n";
    }

    public static String alipayTrade(String tradeNo, String number, String goods, String amount) {
        return tradeNo + "\t," + number + "\t,交易\t," + goods
                + "\t,2026-11-23 12:02:30,2026-11-23 12:03:04,\t,\t,\t,\t,*茶(138****0000)\t," + amount + "," + amount
                + ",0.00,0.00,0.00,0.00,0.00,\t,0.00,0.00,\t,-0.07,0.00,两杯茶\t";
    }

    public static String alipayRefund(String tradeNo, String number, String amount) {
        return alipayTrade(tradeNo, number, "两杯茶", "-" + amount).replace("交易", "退款");
    }

    /** Alipay's list of totals, which is in the same zip. */
    public static String alipayTotals() {
        return "#支付宝业务汇总查询\r\n#账号:[20880011223344556677]\r\n"
                + "#-----------------------------------------业务汇总列表----------------------------------------\r\n"
                + "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）\r\n合计\t,\t,1,0,12.30,12.30\r\n"
                + "#----------------------------------------业务汇总列表结束-------------------------------------\r\n";
    }

    /** With these lines of details. */
    public static String wechatpay(String... lines) {
        return "\ufeff" + WECHATPAY_COLUMNS + "\r\n"
                + List.of(lines).stream().map(l -> l + "\r\n").collect(Collectors.joining())
                + "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n"
                + "`" + lines.length + ",`12.30,`0.00,`0.00,`0.07000,`12.30,`0.00\r\n";
    }

    public static String wechatpayTrade(String tradeNo, String number, String goods, String amount) {
        return "`2026-11-23 12:03:04,`wxd678efh567hg6787,`1900000109,`0,`,`" + tradeNo + ",`" + number
                + ",`oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,`NATIVE,`SUCCESS,`OTHERS,`CNY,`11.30,`1.00,`0,`0,`0.00,`0.00,`,`,`"
                + goods
                + ",`,`0.07000,`0.60%,`" + amount + ",`0.00,`";
    }

    /** Of this amount, of which a coupon paid a yuan. */
    public static String wechatpayRefund(String tradeNo, String number, String amount) {
        return "`2026-11-23 18:03:04,`wxd678efh567hg6787,`1900000109,`0,`,`" + tradeNo + ",`" + number
                + ",`oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,`NATIVE,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`50300000012026,`RF-1,`"
                + new BigDecimal(amount).subtract(BigDecimal.ONE)
                + ",`1.00,`ORIGINAL,`SUCCESS,`两杯茶,`,`-0.07000,`0.60%,`0.00,`" + amount + ",`";
    }

    public static String plain(String... lines) {
        return "out_trade_no,channel_trade_no,amount,currency,state,paid_at\n"
                + List.of(lines).stream().map(l -> l + "\n").collect(Collectors.joining());
    }

    public static Path file(Path folder, String name, String text, Charset charset) {
        try {
            return Files.write(folder.resolve(name), text.getBytes(charset));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Path file(Path folder, String name, String text) {
        return file(folder, name, text, UTF_8);
    }

    /** A zip as Alipay makes it: two files with Chinese names, all in GBK. */
    public static Path zip(Path folder, String name, String details) {
        Path file = folder.resolve(name);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file), GBK)) {
            zip.putNextEntry(new ZipEntry("20880011223344556677_20261123_业务明细(汇总).csv"));
            zip.write(alipayTotals().getBytes(GBK));
            zip.putNextEntry(new ZipEntry("20880011223344556677_20261123_业务明细.csv"));
            zip.write(details.getBytes(GBK));
            zip.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
