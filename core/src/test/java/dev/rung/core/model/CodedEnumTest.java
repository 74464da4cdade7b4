package dev.rung.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodedEnumTest {

    private static <E extends Enum<E> & CodedEnum> List<String> codesAndTexts(Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(e -> e.code() + " " + e.text())
                .toList();
    }

    @Test
    void storedNumbersAndWordsNeverChange() {
        assertThat(codesAndTexts(DeliveryState.class))
                .containsExactly("0 waiting", "1 delivered", "2 exhausted", "3 cancelled");
        assertThat(codesAndTexts(Outcome.class))
                .containsExactly(
                        "0 acknowledged", "1 declined", "2 timed_out", "3 unreachable", "4 refused", "5 throttled");
        assertThat(codesAndTexts(WakeLocation.class))
                .containsExactly("0 queued", "1 held_by_bulkhead", "2 held_by_order", "3 deferred");
        assertThat(codesAndTexts(Acknowledgement.class))
                .containsExactly("0 2xx", "1 body-success", "2 json-code-success");
    }

    @Test
    void aChoiceIsFoundByItsNumberAndByItsWord() {
        assertThat(CodedEnum.ofCode(Outcome.class, 2)).isEqualTo(Outcome.TIMED_OUT);
        assertThat(CodedEnum.ofText(Outcome.class, "timed_out")).isEqualTo(Outcome.TIMED_OUT);
    }

    @Test
    void anUnknownNumberOrWordIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CodedEnum.ofCode(Outcome.class, 9))
                .withMessageContaining("9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CodedEnum.ofText(Acknowledgement.class, "2XX"))
                .withMessage("is not one of 2xx, body-success, json-code-success");
    }
}
