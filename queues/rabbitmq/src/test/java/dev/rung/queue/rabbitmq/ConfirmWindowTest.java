package dev.rung.queue.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfirmWindowTest {
    private final ConfirmWindow window = new ConfirmWindow(4);

    private record Named(String name) implements Publication {
        @Override
        public OutgoingMessage message() {
            return new OutgoingMessage("", name, PERSISTENT, new byte[] {(byte) name.charAt(0)});
        }

        @Override
        public void confirmed() {
            throw new AssertionError("the window does not tell");
        }

        @Override
        public void unconfirmed(FailureKind failure) {
            throw new AssertionError("the window does not tell");
        }
    }

    private static final Named A = new Named("a");
    private static final Named B = new Named("b");
    private static final Named C = new Named("c");
    private static final Named D = new Named("d");

    private void add(Named... publications) {
        for (Named each : publications) {
            window.add(each, each.message(), 100);
        }
    }

    @Test
    void aMultipleConfirmTakesAllUpToIt() {
        add(A, B, C);
        assertThat(window.confirm(2, true)).containsExactly(A, B);
        assertThat(window.confirm(3, false)).containsExactly(C);
        assertThat(window.isEmpty()).isTrue();
    }

    @Test
    void aNumberIsConfirmedOnce() {
        add(A, B, C);
        assertThat(window.confirm(2, false)).containsExactly(B);
        assertThat(window.confirm(2, false)).isEmpty();
        assertThat(window.confirm(3, true)).containsExactly(A, C);
        assertThat(window.confirm(3, true)).isEmpty();
    }

    @Test
    void roomComesBackOnlyFromTheOldestEnd() {
        add(A, B, C, D);
        assertThat(window.room()).isZero();
        window.confirm(3, false);
        assertThat(window.room()).isZero();
        window.confirm(1, false);
        assertThat(window.room()).isEqualTo(1);
        window.confirm(2, false);
        assertThat(window.room()).isEqualTo(3);
    }

    @Test
    void numbersGoRoundTheRing() {
        List<Publication> confirmed = new ArrayList<>();
        for (int number = 1; number <= 50; number += 2) {
            add(A, B);
            confirmed.addAll(window.confirm(number + 1, true));
        }
        assertThat(confirmed).hasSize(50);
        assertThat(window.room()).isEqualTo(4);
    }

    @Test
    void whatCameBackIsFoundByItsBytesAndItsConfirmFindsNothing() {
        add(A, B);
        assertThat(window.returned(new byte[] {'b'})).containsExactly(B);
        assertThat(window.returned(new byte[] {'x'})).isEmpty();
        assertThat(window.confirm(2, true)).containsExactly(A);
    }

    @Test
    void onlyWhatWaitedTooLongExpires() {
        window.add(A, A.message(), 100);
        window.add(B, B.message(), 200);
        assertThat(window.expired(99)).isEmpty();
        assertThat(window.expired(100)).containsExactly(A);
        assertThat(window.expired(300)).containsExactly(B);
    }

    @Test
    void aConfirmThatComesTooLateFindsNothing() {
        add(A, B, C);
        window.expired(100);
        add(D);
        assertThat(window.confirm(2, true)).isEmpty();
        assertThat(window.confirm(1, false)).isEmpty();
        assertThat(window.confirm(4, true)).containsExactly(D);
    }

    @Test
    void anotherChannelCountsFromOne() {
        add(A, B);
        assertThat(window.reset()).containsExactly(A, B);
        add(C);
        assertThat(window.confirm(1, false)).containsExactly(C);
    }
}
