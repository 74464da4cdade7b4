package dev.rung.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.memory.MemoryMetaStore;
import dev.rung.core.port.MetaStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SoleServerTest {
    private final MemoryMetaStore meta = new MemoryMetaStore();
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
    void ofTwoThatStartTogetherOneIsRefused() {
        MetaStore asTheOtherLooks = new MetaStore() {
            @Override
            public Optional<String> get(String key) {
                Optional<String> seen = meta.get(key);
                if (seen.filter(SoleServer.NOBODY::equals).isPresent()) {
                    new SoleServer(meta).take(clock, SoleServerTest.this::pass); // between the look and the mark
                }
                return seen;
            }

            @Override
            public void put(String key, String value) {
                meta.put(key, value);
            }

            @Override
            public boolean putIfAbsent(String key, String value) {
                return meta.putIfAbsent(key, value);
            }

            @Override
            public boolean replace(String key, String expected, String value) {
                return meta.replace(key, expected, value);
            }
        };
        meta.put(SoleServer.KEY, SoleServer.NOBODY);
        assertThatThrownBy(() -> new SoleServer(asTheOtherLooks).take(clock, this::pass))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("--rabbitmq-uri");
    }

    @Test
    void aServerThatWasReplacedTakesNothingBack() {
        SoleServer hung = new SoleServer(meta);
        hung.take(clock, this::pass);
        new SoleServer(meta).take(clock, this::pass);
        Optional<String> next = meta.get(SoleServer.KEY);

        hung.renew();
        hung.release();

        assertThat(meta.get(SoleServer.KEY)).isEqualTo(next);
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
        assertThat(meta.get(SoleServer.KEY)).isEmpty();
    }

    private void pass(Duration duration) {
        now += duration.toMillis();
    }
}
