package dev.rung.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.client.OncePerWebhook.Result;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OncePerWebhookTest {
    private final OncePerWebhook once = OncePerWebhook.inMemory(2);
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void theActionRunsOnceForAnId() {
        assertThat(once.run("a", runs::incrementAndGet)).isEqualTo(Result.DONE);
        assertThat(once.run("a", runs::incrementAndGet)).isEqualTo(Result.DONE_BEFORE);
        assertThat(once.run("b", runs::incrementAndGet)).isEqualTo(Result.DONE);
        assertThat(runs).hasValue(2);
    }

    @Test
    void whatFailedRunsAgain() {
        assertThatThrownBy(() -> once.run("a", () -> {
                    throw new IOException("the database is away");
                }))
                .isInstanceOf(IOException.class);
        assertThat(once.run("a", runs::incrementAndGet)).isEqualTo(Result.DONE);
    }

    @Test
    void whileItRunsARepetitionIsNeitherRunNorCalledDone() {
        assertThat(once.run("a", () -> {
                    runs.incrementAndGet();
                    assertThat(once.run("a", runs::incrementAndGet)).isEqualTo(Result.UNDER_WAY);
                }))
                .isEqualTo(Result.DONE);
        assertThat(runs).hasValue(1);
    }

    @Test
    void onlyTheLatestIdsAreRemembered() {
        for (String id : new String[] {"a", "b", "c"}) {
            once.run(id, runs::incrementAndGet);
        }
        assertThat(once.run("c", runs::incrementAndGet)).isEqualTo(Result.DONE_BEFORE);
        assertThat(once.run("b", runs::incrementAndGet)).isEqualTo(Result.DONE_BEFORE);
        assertThat(once.run("a", runs::incrementAndGet)).isEqualTo(Result.DONE);
        assertThatThrownBy(() -> OncePerWebhook.inMemory(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
