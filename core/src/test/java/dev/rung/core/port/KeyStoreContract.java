package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Role;
import dev.rung.core.port.KeyStore.Key;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every sentence of {@link KeyStore}'s Javadoc as tests. */
public interface KeyStoreContract {
    MerchantId TEA = new MerchantId(2_001);
    MerchantId COFFEE = new MerchantId(2_002);
    long MINUTE = KeyStore.USE_INTERVAL.toMillis();

    /** Empty at a test's beginning, the same within a test. */
    KeyStore keys();

    private static Key key(long id, String secret, Role role, @Nullable MerchantId merchant) {
        String name = merchant == null ? "alice" : null;
        return new Key(
                id, name, role, merchant, Sample.sha256(secret), "cret", false, Sample.T0 + id, null, null, null);
    }

    private static Key setting(long id, String secret, Role role) {
        return new Key(id, "operator", role, null, Sample.sha256(secret), "cret", true, Sample.T0, null, null, null);
    }

    private Key found(String secret) {
        return keys().find(Sample.sha256(secret)).orElseThrow();
    }

    @Test
    default void everyFieldIsKept() {
        Key key = new Key(
                1,
                "茶 'O\"Hara",
                Role.INTAKE,
                null,
                Sample.sha256("one"),
                "xY_-",
                false,
                Sample.T0,
                Sample.T0 + 5,
                Sample.T0 + 3,
                null);
        keys().insert(key);
        keys().insert(key(2, "two", Role.MERCHANT_MANAGE, TEA));
        assertThat(found("one")).usingRecursiveComparison().isEqualTo(key);
        assertThat(keys().find(2).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(key(2, "two", Role.MERCHANT_MANAGE, TEA));
        assertThat(keys().find(Sample.sha256("three"))).isEmpty();
        assertThat(keys().find(3)).isEmpty();
    }

    @Test
    default void keysAreListedByOwnerOldestFirst() {
        keys().insert(key(3, "three", Role.VIEWER, null));
        keys().insert(key(2, "two", Role.MERCHANT_VIEW, TEA));
        keys().insert(key(1, "one", Role.OPERATOR, null));
        keys().insert(key(4, "four", Role.MERCHANT_VIEW, COFFEE));
        assertThat(keys().list(null)).extracting(Key::id).containsExactly(1L, 3L);
        assertThat(keys().list(TEA)).extracting(Key::id).containsExactly(2L);
    }

    @Test
    default void anOwnerRevokesItsOwnKeysOnly() {
        keys().insert(key(1, "one", Role.MERCHANT_VIEW, TEA));
        keys().insert(key(2, "two", Role.OPERATOR, null));
        assertThat(keys().revoke(COFFEE, 1, Sample.T0)).isFalse();
        assertThat(keys().revoke(null, 1, Sample.T0)).isFalse();
        assertThat(keys().revoke(TEA, 2, Sample.T0)).isFalse();
        assertThat(keys().revoke(TEA, 1, Sample.T0)).isTrue();
        assertThat(keys().revoke(null, 2, Sample.T0)).isTrue();
        assertThat(keys().revoke(null, 2, Sample.T0)).isFalse();
        assertThat(keys().find(1)).isEmpty();
        assertThat(keys().find(2)).isEmpty();
    }

    @Test
    default void aRevokedKeyOfASettingIsNotAddedAgain() {
        keys().adopt(setting(1, "one", Role.OPERATOR));
        assertThat(keys().revoke(null, 1, Sample.T0 + 7)).isTrue();
        assertThat(keys().list(null)).isEmpty();
        assertThat(keys().adopt(setting(2, "one", Role.OPERATOR)).revokedAt()).isEqualTo(Sample.T0 + 7);
        assertThat(found("one").id()).isEqualTo(1);
        assertThat(found("one").isValid(Sample.T0)).isFalse();
        assertThat(keys().revoke(null, 1, Sample.T0 + 8)).isFalse();
    }

    @Test
    default void aNewKeyOfASettingReplacesTheEarlierOne() {
        keys().insert(key(1, "named", Role.OPERATOR, null));
        keys().adopt(setting(2, "revoked", Role.OPERATOR));
        keys().revoke(null, 2, Sample.T0);
        keys().adopt(setting(3, "earlier", Role.OPERATOR));
        keys().adopt(setting(4, "viewer's", Role.VIEWER));
        assertThat(keys().adopt(setting(5, "earlier", Role.OPERATOR)).id()).isEqualTo(3);
        assertThat(keys().adopt(setting(6, "later", Role.OPERATOR)).id()).isEqualTo(6);
        assertThat(keys().list(null)).extracting(Key::id).containsExactly(1L, 4L, 6L);
        assertThat(keys().find(2)).isPresent();
        assertThat(keys().find(3)).isEmpty();
    }

    @Test
    default void theLastUseIsWrittenRarely() {
        keys().insert(key(1, "one", Role.OPERATOR, null));
        keys().markUsed(1, Sample.T0);
        assertThat(found("one").lastUsedAt()).isEqualTo(Sample.T0);
        keys().markUsed(1, Sample.T0 + MINUTE - 1);
        assertThat(found("one").lastUsedAt()).isEqualTo(Sample.T0);
        keys().markUsed(1, Sample.T0 + MINUTE);
        assertThat(found("one").lastUsedAt()).isEqualTo(Sample.T0 + MINUTE);
        keys().markUsed(9, Sample.T0);
    }
}
