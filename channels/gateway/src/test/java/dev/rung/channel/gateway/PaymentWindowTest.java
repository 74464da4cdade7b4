package dev.rung.channel.gateway;

import static dev.rung.channel.gateway.Orders.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.payments.model.Money;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaymentWindowTest {
    private static PaymentWindow window(Instant expiresAt) {
        return PaymentWindow.of(Orders.payment("alipay", Money.of(1, "CNY"), expiresAt));
    }

    @Test
    void anOrderCanBePaidUntilItExpires() {
        PaymentWindow window = window(NOON.plusSeconds(900));

        assertThat(window.until()).isEqualTo(NOON.plusSeconds(900));
        assertThat(window.mayBePlaced(NOON.plusSeconds(834))).isTrue();
        assertThat(window.mayBePlaced(NOON.plusSeconds(835))).isFalse();
        assertThat(window.isExpired(NOON.plusSeconds(960))).isFalse();
        assertThat(window.isExpired(NOON.plusSeconds(961))).isTrue();
    }

    @Test
    void aShortOneIsOpenForTwoMinutesAtTheChannel() {
        assertThat(window(NOON.plusSeconds(5)).until()).isEqualTo(NOON.plusSeconds(120));
        assertThat(window(NOON.plusSeconds(5)).mayBePlaced(NOON.plusSeconds(2))).isTrue();
    }

    @Test
    void whatIsKeptOfAnAnswerIsCutBetweenCharacters() {
        assertThat(TextLimits.answer("茶".repeat(2_000).getBytes(UTF_8))).isEqualTo("茶".repeat(1_365));
        assertThat(TextLimits.answer(new byte[] {'a', (byte) 0xff, 'b'})).isEqualTo("a?b");
        assertThat(TextLimits.truncate("a🍵b", 2)).isEqualTo("a🍵");
        assertThat(TextLimits.truncate("a🍵b", 3)).isEqualTo("a🍵b");
    }
}
