package dev.rung.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
    private static final long T0 = Instant.parse("2026-01-15T10:00:00Z").toEpochMilli();

    private long now = T0;

    private Ids ids(long last) {
        return new Ids(() -> Instant.ofEpochMilli(now), new Random(1), last);
    }

    @Test
    void idsAscendHoweverTheClockMoves() {
        Ids ids = ids(0);
        long before = 0;
        for (int i = 0; i < 20_000; i++) {
            now += i % 100 == 0 ? 1 : i % 7_777 == 0 ? -60_000 : 0;
            long id = ids.next();
            assertThat(id).isGreaterThan(before);
            before = id;
        }
    }

    @Test
    void idsGoOnBehindTheLastOneGivenOut() {
        long last = Ids.first(T0 + 3_600_000) + 77;
        assertThat(ids(last).next()).isGreaterThan(last);
    }

    @Test
    void anIdTellsItsMillisecond() {
        Ids ids = ids(0);
        for (int i = 0; i < 100; i++) {
            assertThat(ids.next()).isBetween(Ids.first(now), Ids.first(now + 1) - 1);
            now += 13;
        }
    }

    @Test
    void moreThanAMillisecondHoldsBorrowFromTheNext() {
        Ids ids = ids(0);
        Set<Long> drawn = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            drawn.add(ids.next());
        }
        assertThat(drawn).hasSize(10_000);
        assertThat(ids.next()).isLessThan(Ids.first(now + 100));
    }

    @Test
    void theRecordsOfAMerchantAreInItsBucket() {
        Ids ids = ids(0);
        Set<Integer> buckets = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            MerchantId merchant = new MerchantId(ids.next());
            long record = ids.next(merchant);
            assertThat(record).isGreaterThan(merchant.value());
            assertThat(Ids.bucket(record)).isEqualTo(Ids.bucket(merchant.value()));
            buckets.add(Ids.bucket(record));
        }
        assertThat(buckets).as("merchants are spread over all buckets").hasSize(Ids.BUCKETS);
    }

    @Test
    void afterACollisionOtherIdsAreDrawn() {
        Ids one = ids(0);
        Ids same = ids(0);
        MerchantId owner = new MerchantId(5);
        long id = one.next(owner);
        assertThat(same.next(owner)).isEqualTo(id);
        same.redraw();
        now += 1;
        long afterwards = one.next(owner);
        assertThat(same.next(owner)).isNotEqualTo(afterwards);
    }

    @Test
    void anIdsTextIsReadBackAndSortsAsTheId() {
        List<Long> ascending = List.of(0L, 1L, 31L, 32L, Ids.first(T0), Ids.first(T0) + 1, Long.MAX_VALUE);
        String before = "";
        for (long id : ascending) {
            String text = Ids.text("ntf_", id);
            assertThat(text).matches("ntf_[0-9a-hjkmnp-tv-z]{13}").isGreaterThan(before);
            assertThat(Ids.parse("ntf_", text)).isEqualTo(id);
            before = text;
        }
        assertThat(new NotificationId(5)).hasToString("ntf_0000000000005");
        assertThat(NotificationId.parse("ntf_0000000000005")).isEqualTo(new NotificationId(5));
        assertThat(new MerchantId(5)).hasToString("mch_0000000000005");
        assertThat(MerchantId.parse("mch_0000000000005")).isEqualTo(new MerchantId(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ntf_",
                "0000000000005",
                "mch_0000000000005",
                "ntf_000000000005",
                "ntf_00000000000005",
                "ntf_000000000000u",
                "ntf_000000000000A",
                "ntf_8000000000000",
                "ntf_zzzzzzzzzzzzz"
            })
    void whatIsNoIdIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> NotificationId.parse(text));
    }

    @Test
    void anIdIsNotNegative() {
        assertThatIllegalArgumentException().isThrownBy(() -> new NotificationId(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new MerchantId(-1));
    }
}
