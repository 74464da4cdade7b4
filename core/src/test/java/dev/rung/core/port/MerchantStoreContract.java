package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.Endpoint;
import dev.rung.core.model.EndpointId;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.Signing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every sentence of {@link MerchantStore}'s Javadoc as tests. */
public interface MerchantStoreContract {
    /** Empty at a test's beginning, the same within a test. */
    MerchantStore merchants();

    /** The part of the store with all merchants of these tests. */
    default MerchantStore part() {
        return merchants().parts().getFirst();
    }

    /** Of the first bucket. */
    private static MerchantId id(int n) {
        return new MerchantId((2_000L + n) * Ids.BUCKETS);
    }

    default Merchant sample(int n) {
        return new Merchant(
                id(n),
                "Tea House " + n,
                Receiver.of(
                        "https://shop.example/pay/notify", Receiver.Keys.of(Signing.HMAC, new byte[] {1, 2, 3}, null)),
                Sample.T0 + n,
                0);
    }

    @Test
    default void theLongestTimeoutIsKnown() {
        assertThat(merchants().longestTimeout()).isEqualTo(Duration.ZERO);
        Merchant stored = merchants().insert(sample(1));
        assertThat(merchants().longestTimeout()).isEqualTo(Receiver.TIMEOUT_DEFAULT);
        merchants().update(stored.id(), m -> m.withReceiver(m.receiver().withTimeout(Duration.ofSeconds(30))));
        assertThat(merchants().longestTimeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    default void anInsertedMerchantIsFoundAsItIs() {
        Merchant stored = merchants().insert(sample(1));
        assertThat(stored.version()).isPositive();
        assertThat(stored).usingRecursiveComparison().ignoringFields("version").isEqualTo(sample(1));
        assertThat(merchants().find(stored.id()).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(stored);
        assertThat(merchants().find(new MerchantId(9_999))).isEmpty();
    }

    @Test
    default void everyFieldIsKept() {
        Merchant full = new Merchant(
                        id(77),
                        "茶馆 'O\"Hara\\%",
                        new Receiver(
                                null,
                                new LadderChoice.Inline(Ladder.of("1500ms", "24h")),
                                Acknowledgement.JSON_CODE_SUCCESS,
                                new Receiver.Keys(
                                        Signing.ED25519,
                                        new byte[] {0, -1, 5},
                                        "cHVibGlj",
                                        List.of(
                                                new Receiver.EarlierKey(new byte[] {9, 8}, Sample.T0 + 86_400_000),
                                                new Receiver.EarlierKey(new byte[] {7}, Sample.T0 + 3_600_000))),
                                7,
                                true,
                                Duration.ofMillis(1_500),
                                0.5,
                                new Receiver.Headers(List.of("Authorization", "X-A"), new byte[] {4, 0, 5}),
                                "X-Sign",
                                new Receiver.Tls("ca", "cert", new byte[] {6, 0}),
                                true),
                        Sample.T0,
                        0)
                .withAtChannels(new Merchant.AtChannels("1900000109", "wxd678efh567hg6787", new byte[] {3, 0}));
        merchants().insert(full);
        assertThat(merchants().find(full.id()).orElseThrow())
                .usingRecursiveComparison()
                .ignoringFields("version")
                .isEqualTo(full);
    }

    private static Endpoint endpoint(long id, String name) {
        return new Endpoint(
                new EndpointId(id),
                name,
                List.of("payment.*", "refund.failed"),
                Receiver.of("https://crm.example/hook", Receiver.Keys.of(Signing.HMAC, new byte[] {4, 5}, null)),
                Sample.T0 + id);
    }

    @Test
    default void endpointsAreKeptChangedAndRemovedWithTheirMerchant() {
        Merchant stored = merchants().insert(sample(1));
        merchants().insert(sample(2).withEndpoint(endpoint(3_009, "other")));
        Endpoint first = endpoint(3_001, "CRM");
        Endpoint second = endpoint(3_002, "茶");
        Merchant two = merchants()
                .update(stored.id(), m -> m.withEndpoint(first).withEndpoint(second))
                .orElseThrow();
        assertThat(two.version()).isGreaterThan(stored.version());
        assertThat(merchants().find(stored.id()).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(two);
        assertThat(two.endpoints()).extracting(Endpoint::name).containsExactly("CRM", "茶");

        Endpoint slow = first.withReceiver(first.receiver().withTimeout(Duration.ofSeconds(29)));
        Merchant changed = merchants()
                .update(stored.id(), m -> m.withEndpoint(slow).withoutEndpoint(second.id()))
                .orElseThrow();
        assertThat(part().changedSince(two.version(), 10))
                .singleElement()
                .usingRecursiveComparison()
                .isEqualTo(changed);
        assertThat(changed.endpoints()).hasSize(1);
        assertThat(merchants().longestTimeout()).isEqualTo(Duration.ofSeconds(29));
        assertThat(merchants().list(null, 10))
                .extracting(m -> m.endpoints().size())
                .containsExactly(1, 1);
    }

    @Test
    default void anEndpointsIdIsUsedOnce() {
        Merchant one = merchants().insert(sample(1).withEndpoint(endpoint(3_001, "CRM")));
        Merchant other = merchants().insert(sample(2));
        assertThatThrownBy(() -> merchants().update(other.id(), m -> m.withEndpoint(endpoint(3_001, "thief"))))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.isIdTaken()).isTrue());
        assertThat(merchants().find(one.id()).orElseThrow().endpoints()).hasSize(1);
        assertThat(merchants().find(other.id()).orElseThrow().endpoints()).isEmpty();
    }

    @Test
    default void aDeletedMerchantIsFoundButNotListed() {
        Merchant stored = merchants().insert(sample(1));
        Merchant deleted = merchants()
                .update(stored.id(), m -> m.withDeletedAt(Sample.T0 + 9))
                .orElseThrow();
        assertThat(merchants().list(null, 10)).isEmpty();
        assertThat(merchants().find(stored.id()).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(deleted);
        assertThat(part().changedSince(stored.version(), 10))
                .extracting(Merchant::isDeleted)
                .containsExactly(true);
    }

    @Test
    default void aChangeIsAppliedAndRaisesTheVersion() {
        Merchant stored = merchants().insert(sample(1));

        Merchant changed =
                merchants().update(stored.id(), m -> m.withPaused(true)).orElseThrow();

        assertThat(changed.receiver().paused()).isTrue();
        assertThat(changed.version()).isGreaterThan(stored.version());
        assertThat(merchants().find(stored.id()).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(changed);
        assertThat(part().version()).isEqualTo(changed.version());
    }

    @Test
    default void aMerchantThatIsNotThereIsNotChanged() {
        assertThat(merchants().update(new MerchantId(9_999), m -> m.withPaused(true)))
                .isEmpty();
    }

    @Test
    default void aChangeThatThrowsChangesNothing() {
        Merchant stored = merchants().insert(sample(1));
        assertThatThrownBy(() -> merchants().update(stored.id(), m -> {
                    throw new IllegalArgumentException("not like this");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not like this");
        assertThat(merchants().find(stored.id()).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(stored);
        assertThat(part().version()).isEqualTo(stored.version());
    }

    @Test
    default void changesMadeAtOnceAreMadeOneAfterTheOther() throws InterruptedException {
        Merchant stored = merchants().insert(sample(1));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int j = 0; j < 5; j++) {
                    merchants().update(stored.id(), MerchantStoreContract::withOneMoreSlot);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(merchants().find(stored.id()).orElseThrow().receiver().maxInFlight())
                .isEqualTo(52);
    }

    private static Merchant withOneMoreSlot(Merchant m) {
        return m.withReceiver(m.receiver().withMaxInFlight(m.receiver().maxInFlight() + 1));
    }

    @Test
    default void theNewestAreListedFirst() {
        for (int n = 1; n <= 5; n++) {
            merchants().insert(sample(n));
        }
        assertThat(merchants().list(null, 2)).extracting(Merchant::id).containsExactly(id(5), id(4));
        assertThat(merchants().list(id(4), 10)).extracting(Merchant::id).containsExactly(id(3), id(2), id(1));
        assertThat(merchants().list(id(1), 10)).isEmpty();
    }

    @Test
    default void changesAreLearnedInTheOrderOfTheirVersions() {
        assertThat(part().version()).isZero();
        Merchant first = merchants().insert(sample(1));
        Merchant second = merchants().insert(sample(2));
        Merchant third = merchants().insert(sample(3));
        merchants().update(first.id(), m -> m.withPaused(true));

        assertThat(part().changedSince(0, 10))
                .extracting(Merchant::id)
                .containsExactly(second.id(), third.id(), first.id());
        assertThat(part().changedSince(0, 2)).extracting(Merchant::id).containsExactly(second.id(), third.id());
        assertThat(part().changedSince(third.version(), 10))
                .extracting(Merchant::id)
                .containsExactly(first.id());
        assertThat(part().changedSince(part().version(), 10)).isEmpty();
    }

    @Test
    default void laddersAreSavedAndReplacedByName() {
        assertThat(merchants().ladders()).isEmpty();
        merchants().putLadder("tea", Ladder.of("1s"));
        merchants().putLadder("coffee", Ladder.of("1500ms", "24h"));
        merchants().putLadder("tea", Ladder.of("2s", "3s"));
        assertThat(merchants().ladders()).hasSize(2);
        assertThat(merchants().ladders().firstKey()).isEqualTo("coffee");
        assertThat(merchants().ladders()).containsEntry("tea", Ladder.of("2s", "3s"));
        assertThat(merchants().ladders()).containsEntry("coffee", Ladder.of("1500ms", "24h"));
    }
}
