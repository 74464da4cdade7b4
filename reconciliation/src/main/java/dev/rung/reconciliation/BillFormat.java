package dev.rung.reconciliation;

import java.util.List;
import java.util.Optional;

/** The supported formats of bills, recognized by their line of column names. */
public enum BillFormat {
    /** Alipay's trade bill: the list of details (业务明细) of 账单下载, {@code bill_type} trade. */
    ALIPAY("alipay"),
    /** WeChat Pay's trade bill (交易账单), {@code bill_type} ALL or SUCCESS. */
    WECHATPAY("wechatpay"),
    /** Rung's plain format: {@code out_trade_no,channel_trade_no,amount,currency,state,paid_at}. */
    PLAIN("plain");

    private final String text;

    BillFormat(String text) {
        this.text = text;
    }

    /** The name for messages. */
    public String text() {
        return text;
    }

    /** A reader that starts at the first line. */
    BillLines lines() {
        return switch (this) {
            case ALIPAY -> new AlipayLines();
            case WECHATPAY -> new WechatpayLines();
            case PLAIN -> new PlainLines();
        };
    }

    /** Column names that only this format combines. */
    private List<String> columns() {
        return switch (this) {
            case ALIPAY -> List.of("支付宝交易号", "商户订单号", "业务类型");
            case WECHATPAY -> List.of("微信订单号", "商户订单号", "交易状态");
            case PLAIN -> PlainLines.COLUMNS;
        };
    }

    /** The format with this line of column names, if any. */
    static Optional<BillFormat> of(String line) {
        List<String> names = CsvColumns.split(line);
        for (BillFormat format : values()) {
            if (names.containsAll(format.columns())) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
