package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

public interface MetaStoreContract {
    MetaStore meta();

    @Test
    default void aValueIsSetReplacedAndRemoved() {
        assertThat(meta().get("m1_a")).isEmpty();
        assertThat(meta().putIfAbsent("m1_a", "1")).isTrue();
        assertThat(meta().putIfAbsent("m1_a", "2")).isFalse();
        assertThat(meta().replace("m1_a", "2", "3")).isFalse();
        assertThat(meta().replace("m1_a", "1", "3")).isTrue();
        assertThat(meta().get("m1_a")).hasValue("3");
        meta().put("m1_a", "4");
        assertThat(meta().get("m1_a")).hasValue("4");
        meta().remove("m1_a");
        meta().remove("m1_a");
        assertThat(meta().get("m1_a")).isEmpty();
    }

    @Test
    default void keysAreFoundByTheirPrefix() {
        meta().put("m2_b", "");
        meta().put("m2_a", "x");
        meta().put("m2xa", "y");
        meta().put("M2_a", "z");
        assertThat(meta().keys("m2_")).containsExactly("m2_a", "m2_b");
        assertThat(meta().keys("m3_")).isEmpty();
    }
}
