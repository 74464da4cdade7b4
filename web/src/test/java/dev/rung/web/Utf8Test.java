package dev.rung.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {

    @Test
    void agreesWithTheJdkOnEverySequenceOfTwoBytes() {
        for (int first = 0; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                agree(new byte[] {(byte) first, (byte) second});
            }
        }
    }

    @Test
    void agreesWithTheJdkOnRandomBytesThatAreOftenNearlyValid() {
        Random random = new Random(7);
        byte[] leads = {(byte) 0xc0, (byte) 0xc2, (byte) 0xe0, (byte) 0xed, (byte) 0xef, (byte) 0xf0, (byte) 0xf4, 'a'};
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(24)];
            for (int k = 0; k < bytes.length; k++) {
                bytes[k] = random.nextInt(3) == 0
                        ? leads[random.nextInt(leads.length)]
                        : (byte) (0x70 + random.nextInt(0x60));
            }
            agree(bytes);
        }
    }

    @Test
    void chineseTextBesideAsciiIsValid() {
        assertThat(Utf8.isValid("{\"name\":\"茶馆 🍵 tea house, open all day\"}".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
    }

    private static void agree(byte[] bytes) {
        boolean valid;
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            valid = true;
        } catch (CharacterCodingException e) {
            valid = false;
        }
        assertThat(Utf8.isValid(bytes))
                .as("%s", java.util.Arrays.toString(bytes))
                .isEqualTo(valid);
    }
}
