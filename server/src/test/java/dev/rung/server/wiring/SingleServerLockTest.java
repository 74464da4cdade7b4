package dev.rung.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.memory.MemoryMetaStore;
import dev.rung.core.port.MetaStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SingleServerLockTest {
    private final MemoryMetaStore meta = new MemoryMetaStore();
    private long now = 1_000_000;
    private final InstantSource clock = () -> Instant.ofEpochMilli(now);

    @Test
    void theFirstAndTheNextAfterAnOrderlyEndNeedNotWait() {
        SingleServerLock first = new SingleServerLock(meta);
        first.take(clock, this::pass);
        first.renew();
        first.release();
        long before = now;
        new SingleServerLock(meta).take(clock, this::pass);
        assertThat(now).isEqualTo(before);
    }

    @Test
    void aSecondOneIsRefusedWhileTheFirstRuns() {
        SingleServerLock first = new SingleServerLock(meta);
        first.take(clock, this::pass);
        assertThatThrownBy(() -> new SingleServerLock(meta).take(clock, pause -> {
                    pass(pause);
                    first.renew();
                }))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("--rabbitmq-uri");
    }

    @Test
    void ofTwoThatStartTogetherOneIsRefused() {
        MetaStore asTheOtherLooks = new MetaStore() {
            @Override
            public Optional<String> get(String key) {
                Optional<String> seen = meta.get(key);
                if (seen.filter(SingleServerLock.NO_SERVER::equals).isPresent()) {
                    new SingleServerLock(meta)
                            .take(clock, SingleServerLockTest.this::pass); // between the check and the write
                }
                return seen;
            }

            @Override
            public List<String> keys(String prefix) {
                return meta.keys(prefix);
            }

            @Override
            public void remove(String key) {
                meta.remove(key);
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
        meta.put(SingleServerLock.KEY, SingleServerLock.NO_SERVER);
        assertThatThrownBy(() -> new SingleServerLock(asTheOtherLooks).take(clock, this::pass))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("--rabbitmq-uri");
    }

    @Test
    void aServerThatWasReplacedTakesNothingBack() {
        SingleServerLock hung = new SingleServerLock(meta);
        hung.take(clock, this::pass);
        new SingleServerLock(meta).take(clock, this::pass);
        Optional<String> next = meta.get(SingleServerLock.KEY);

        hung.renew();
        hung.release();

        assertThat(meta.get(SingleServerLock.KEY)).isEqualTo(next);
    }

    @Test
    void aKilledOneIsWaitedForAndThenReplaced() {
        new SingleServerLock(meta).take(clock, this::pass);
        long before = now;
        new SingleServerLock(meta).take(clock, this::pass);
        assertThat(Duration.ofMillis(now - before)).isEqualTo(SingleServerLock.DEAD_AFTER);
    }

    @Test
    void oneThatEndsMeanwhileIsReplacedAtOnce() {
        SingleServerLock first = new SingleServerLock(meta);
        first.take(clock, this::pass);
        long before = now;
        new SingleServerLock(meta).take(clock, pause -> {
            pass(pause);
            first.release();
        });
        assertThat(Duration.ofMillis(now - before)).isLessThan(SingleServerLock.DEAD_AFTER);
    }

    @Test
    void oneThatNeverTookItMarksNothing() {
        SingleServerLock idle = new SingleServerLock(meta);
        idle.renew();
        idle.release();
        assertThat(meta.get(SingleServerLock.KEY)).isEmpty();
    }

    private void pass(Duration duration) {
        now += duration.toMillis();
    }
}
