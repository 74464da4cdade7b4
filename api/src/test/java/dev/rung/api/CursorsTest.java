package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.api.Cursors.Kind;
import org.junit.jupiter.api.Test;

class CursorsTest {

    @Test
    void aCursorLeadsBackToItsPlace() {
        for (long id : new long[] {0, 1, 1_234_567_890_123_456_789L, Long.MAX_VALUE}) {
            assertThat(Cursors.number(Kind.NOTIFICATIONS, Cursors.of(Kind.NOTIFICATIONS, id)))
                    .isEqualTo(id);
        }
        assertThat(Cursors.place(Kind.EVENTS, Cursors.of(Kind.EVENTS, "17:42"))).isEqualTo("17:42");
    }

    @Test
    void noCharacterOfItMayChange() {
        String cursor = Cursors.of(Kind.EVENTS, "17:42");
        for (int i = 0; i < cursor.length(); i++) {
            char other = cursor.charAt(i) == 'A' ? 'B' : 'A';
            String broken = cursor.substring(0, i) + other + cursor.substring(i + 1);
            assertThatThrownBy(() -> Cursors.place(Kind.EVENTS, broken))
                    .as(broken)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Cursors.place(Kind.EVENTS, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Cursors.place(Kind.EVENTS, cursor.substring(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCursorThatLeadsNowhereSaysWhatItIsNot() {
        String forged = Cursors.of(Kind.NOTIFICATIONS, "no number");
        assertThatThrownBy(() -> Cursors.number(Kind.NOTIFICATIONS, forged))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cursor");
    }

    @Test
    void aCursorOfOneListIsNoneOfAnother() {
        String cursor = Cursors.of(Kind.NOTIFICATIONS, 7);
        for (Kind other : new Kind[] {Kind.MERCHANTS, Kind.EVENTS, Kind.RESEND}) {
            assertThatThrownBy(() -> Cursors.number(other, cursor)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
