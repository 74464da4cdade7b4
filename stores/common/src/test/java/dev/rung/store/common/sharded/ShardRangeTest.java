package dev.rung.store.common.sharded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.model.Ids;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardRangeTest {
    private static long buckets(String name) {
        ShardRange range = ShardRange.parse(name);
        return IntStream.range(0, Ids.BUCKETS).filter(range::contains).count();
    }

    @Test
    void aBucketsBitsAreReversed() {
        // The keyspace id that reverse_bits gives a merchant with this bucket begins with 0x80.
        assertThat(ShardRange.parse("80-").contains(1)).isTrue();
        assertThat(ShardRange.parse("-80").contains(1)).isFalse();
        assertThat(ShardRange.parse("-80").contains(254)).isTrue();
        assertThat(ShardRange.parse("80-").contains(255)).isTrue();
    }

    @Test
    void shardsDivideTheBuckets() {
        assertThat(buckets("-")).isEqualTo(256);
        assertThat(buckets("0")).isEqualTo(256);
        assertThat(buckets("-55")).isEqualTo(0x55);
        assertThat(buckets("55-aa")).isEqualTo(0x55);
        assertThat(buckets("aa-")).isEqualTo(0x56);
        assertThat(buckets("4000-8000")).isEqualTo(0x40);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-8040", "zz-", "primary"})
    void aShardHasWholeBuckets(String name) {
        assertThatThrownBy(() -> ShardRange.parse(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }
}
