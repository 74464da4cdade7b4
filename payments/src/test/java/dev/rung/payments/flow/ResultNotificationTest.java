package dev.rung.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationRequest;
import dev.rung.payments.model.Decision;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentSample;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ResultNotificationTest {
    private static final Instant NOW = PaymentSample.T0.plusSeconds(61);

    private static Payment payment(String number) {
        return PaymentSample.of(new MerchantId(2_000))
                .number(number)
                .build(new PaymentId(7))
                .payment();
    }

    private static String payload(NotificationRequest notice) {
        return new String(notice.payload(), StandardCharsets.UTF_8);
    }

    @Test
    void aSuccessIsToldWithTheTradeAndTheTime() {
        NotificationRequest notice = ResultNotification.of(
                payment("T1001")
                        .moved(new Decision.Transition(
                                PaymentState.SUCCEEDED, "4200000001", Instant.parse("2026-01-15T10:00:42.500Z"))),
                NOW);
        assertThat(payload(notice))
                .isEqualTo(
                        "{\"payment_id\":\"pay_0000000000007\",\"out_trade_no\":\"T1001\",\"state\":\"succeeded\","
                                + "\"amount\":{\"value\":1230,\"currency\":\"CNY\"},\"channel\":\"simulator\","
                                + "\"channel_trade_no\":\"4200000001\",\"paid_at\":\"2026-01-15T10:00:42.500Z\",\"attach\":\"table 7, 茶\"}");
        assertThat(notice.eventType()).isEqualTo("payment.succeeded");
        assertThat(notice.orderNo()).isEqualTo("T1001");
        assertThat(notice.merchantId()).isEqualTo(new MerchantId(2_000));
        assertThat(notice.url()).isEqualTo("https://shop.example/pay/notify");
        assertThat(notice.createdAt()).isEqualTo(NOW.toEpochMilli());
        assertThat(notice.deliverAt()).isNull();
    }

    @Test
    void whatThereIsNotIsNull() {
        NotificationRequest notice = ResultNotification.of(
                payment("T1").moved(new Decision.Transition(PaymentState.CLOSED, null, null)), NOW);
        assertThat(payload(notice))
                .contains("\"state\":\"closed\"")
                .contains("\"channel_trade_no\":null,\"paid_at\":null");
        assertThat(notice.eventType()).isEqualTo("payment.closed");
    }

    @Test
    void everyPrintableNumberIsSpelledAsJson() {
        assertThat(payload(ResultNotification.of(
                        payment("a\"b\\c/d").moved(new Decision.Transition(PaymentState.FAILED, "x\ny", null)), NOW)))
                .contains("\"out_trade_no\":\"a\\\"b\\\\c/d\"")
                .contains("\"channel_trade_no\":\"x\\u000ay\"");
    }
}
