package dev.rung.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FatalErrorHandlerTest {
    private final List<Integer> exits = new ArrayList<>();
    private final FatalErrorHandler lastResort = new FatalErrorHandler(exits::add);

    @Test
    void anErrorEndsTheProcess() {
        endBy(new OutOfMemoryError("told to"));
        assertThat(exits).containsExactly(1);
    }

    @Test
    void anExceptionEndsOnlyWhatItWasThrownIn() {
        endBy(new IllegalStateException("told to"));
        assertThat(exits).isEmpty();
    }

    private void endBy(Throwable failure) {
        Thread thread = Thread.ofVirtual().unstarted(() -> {});
        lastResort.uncaughtException(thread, failure);
    }
}
