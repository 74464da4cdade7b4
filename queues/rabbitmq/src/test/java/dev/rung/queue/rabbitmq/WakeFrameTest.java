package dev.rung.queue.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Wake;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class WakeFrameTest {
    private static final WakeFrame.OfWake WAKE = new WakeFrame.OfWake(
            new Wake(new NotificationId(0x0102030405060708L), 9, 1_800_000_000_000L), true, 1_799_999_999_000L, 29_750);

    @Test
    void whatIsWrittenIsRead() {
        for (WakeFrame message : List.of(WAKE, new WakeFrame.Mark(12, 34), new WakeFrame.Probe(Long.MIN_VALUE))) {
            assertThat(WakeFrame.read(message.bytes())).isEqualTo(message);
        }
    }

    @Test
    void aWakeIsSmall() {
        assertThat(WAKE.bytes()).hasSizeLessThan(100);
    }

    @Test
    void thisVersionIsSpelledLikeThisForEver() {
        assertThat(HexFormat.of().formatHex(WAKE.bytes()))
                .isEqualTo("01" + "00" + "01" + "0102030405060708" + "00000009" + "000001a3185c5000"
                        + "000001a3185c4c18" + "00007436");
    }

    @Test
    void whatIsNotOursIsUnreadable() {
        byte[] later = WAKE.bytes();
        later[0] = 2;
        byte[] another = WAKE.bytes();
        another[1] = 9;
        byte[] negativeId = WAKE.bytes();
        negativeId[3] = (byte) 0x80;
        List<byte[]> foreign = List.of(
                new byte[0],
                "{\"json\":true}".getBytes(StandardCharsets.UTF_8),
                Arrays.copyOf(WAKE.bytes(), 20),
                later,
                another,
                negativeId);
        assertThat(foreign)
                .allSatisfy(bytes -> assertThat(WakeFrame.read(bytes)).isEqualTo(new WakeFrame.Unreadable()));
    }
}
