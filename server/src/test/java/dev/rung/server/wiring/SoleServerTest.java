package dev.rung.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.port.MetaStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class SoleServerTest {
    private final Facts meta = new Facts();
    private long now = 1_000_000;
    private final InstantSource clock = () -> Instant.ofEpochMilli(now);

    @Test
    void theFirstAndTheNextAfterAnOrderlyEndNeedNotWait() {
        SoleServer first = new SoleServer(meta);
        first.take(clock, this::pass);
        first.renew();
        first.release();
        long before = now;
        new SoleServer(meta).take(clock, this::pass);
        assertThat(now).isEqualTo(before);
    }

    @Test
    void aSecondOneIsRefusedWhileTheFirstRuns() {
        SoleServer first = new SoleServer(meta);
        first.take(clock, this::pass);
        assertThatThrownBy(() -> new SoleServer(meta).take(clock, pause -> {
                    pass(pause);
                    first.renew();
                }))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("--rabbitmq-uri");
    }

    @Test
    void aKilledOneIsWaitedForAndThenReplaced() {
        new SoleServer(meta).take(clock, this::pass);
        long before = now;
        new SoleServer(meta).take(clock, this::pass);
        assertThat(Duration.ofMillis(now - before)).isEqualTo(SoleServer.DEAD_AFTER);
    }

    @Test
    void oneThatEndsMeanwhileIsReplacedAtOnce() {
        SoleServer first = new SoleServer(meta);
        first.take(clock, this::pass);
        long before = now;
        new SoleServer(meta).take(clock, pause -> {
            pass(pause);
            first.release();
        });
        assertThat(Duration.ofMillis(now - before)).isLessThan(SoleServer.DEAD_AFTER);
    }

    @Test
    void oneThatNeverTookItMarksNothing() {
        SoleServer idle = new SoleServer(meta);
        idle.renew();
        idle.release();
        assertThat(meta.facts).isEmpty();
    }

    private void pass(Duration duration) {
        now += duration.toMillis();
    }

    /** Facts in memory. */
    private static final class Facts implements MetaStore {
        private final ConcurrentHashMap<String, String> facts = new ConcurrentHashMap<>();

        @Override
        public Optional<String> get(String key) {
            return Optional.ofNullable(facts.get(key));
        }

        @Override
        public void put(String key, String value) {
            facts.put(key, value);
        }

        @Override
        public boolean putIfAbsent(String key, String value) {
            return facts.putIfAbsent(key, value) == null;
        }
    }
}
