package dev.rung.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.api.ApiKeys;
import dev.rung.core.memory.MemoryKeyStore;
import dev.rung.core.memory.MemoryMetaStore;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Role;
import dev.rung.crypto.MasterKey;
import dev.rung.crypto.Vault;
import dev.rung.web.Caller;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static final String OPERATOR_KEY = "operator-key-of-the-sessions-test-0";
    private static final String VIEWER_KEY = "viewer-key";
    private static final Caller ALICE = new Caller(Role.OPERATOR, "usr_alice@example.com x", "alice", null);

    private Instant now = Instant.parse("2026-11-30T12:00:00Z");
    private final MemoryMetaStore meta = new MemoryMetaStore();
    private final SecureRandom random = new SecureRandom();
    private final Vault vault = new Vault(MasterKey.ofBase64("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="), random);
    private final ApiKeys keys = new ApiKeys(
            OPERATOR_KEY, VIEWER_KEY, new MemoryKeyStore(), new Ids(() -> now, new Random(1), 0), () -> now, random);
    private final Sessions sessions = server("operators");

    private Sessions server(String operators) {
        OidcSettings oidc = new OidcSettings(
                "https://id.example",
                "rung",
                null,
                Set.of(operators),
                Set.of(),
                "groups",
                () -> URI.create("https://rung.example"));
        return new Sessions(
                vault, keys, (merchant, role) -> null, meta, () -> now, random, new ConsoleSettings(true, oidc));
    }

    private String begin(String key) {
        return sessions.begin(keys.callerOf(key));
    }

    private void signOut(String cookie) {
        sessions.end(sessions.open(cookie).orElseThrow());
    }

    @Test
    void aSessionThatIsNotUsedEndsAfterAnHour() {
        String cookie = begin(OPERATOR_KEY);
        now = now.plus(Duration.ofMinutes(59));
        assertThat(sessions.open(cookie)).isPresent();
        now = now.plus(Duration.ofMinutes(1));
        assertThat(sessions.open(cookie)).isEmpty();
    }

    @Test
    void aSessionThatIsUsedEndsAfterTwelveHours() {
        String cookie = begin(OPERATOR_KEY);
        for (int i = 0; i < 23; i++) {
            now = now.plus(Duration.ofMinutes(30));
            cookie = sessions.renewed(sessions.open(cookie).orElseThrow()).orElse(cookie);
        }
        now = now.plus(Duration.ofMinutes(29));
        assertThat(sessions.open(cookie)).isPresent();
        now = now.plus(Duration.ofMinutes(1));
        assertThat(sessions.open(cookie)).isEmpty();
    }

    @Test
    void aCookieIsRenewedOnceAMinute() {
        ConsoleSession session = sessions.open(begin(OPERATOR_KEY)).orElseThrow();
        now = now.plusSeconds(59);
        assertThat(sessions.renewed(session)).isEmpty();
        now = now.plusSeconds(1);
        assertThat(sessions.open(sessions.renewed(session).orElseThrow()).orElseThrow())
                .isEqualTo(new ConsoleSession(
                        session.id(), session.caller(), session.idleEnd() + 60_000, session.end(), session.csrf()));
    }

    @Test
    void signingOutEndsEveryCookieOfASessionOnEveryServer() {
        String first = begin(OPERATOR_KEY);
        now = now.plus(Duration.ofMinutes(10));
        String second = sessions.renewed(sessions.open(first).orElseThrow()).orElseThrow();
        Sessions other = server("operators");
        assertThat(other.open(first)).isPresent();
        signOut(first);
        assertThat(sessions.open(first)).isEmpty();
        assertThat(sessions.open(second)).isEmpty();
        now = now.plusSeconds(3);
        assertThat(other.open(second)).isEmpty();
        now = now.plus(Duration.ofMinutes(58));
        assertThat(sessions.open(second)).isEmpty();
    }

    @Test
    void aFloodOfSignOutsEndsNoOtherSession() {
        String operator = begin(OPERATOR_KEY);
        String viewer = begin(VIEWER_KEY);
        String person = sessions.begin(ALICE);
        List<String> signedOut = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            now = now.plusMillis(20);
            String cookie = begin(VIEWER_KEY);
            signOut(cookie);
            signedOut.add(cookie);
        }
        now = now.plusMillis(20);
        String later = begin(VIEWER_KEY);
        assertThat(List.of(operator, viewer, person, later))
                .allSatisfy(cookie -> assertThat(sessions.open(cookie)).isPresent());
        assertThat(signedOut)
                .allSatisfy(cookie -> assertThat(sessions.open(cookie)).isEmpty());
        assertThat(meta.get("console_signed_out_viewer").orElseThrow()).hasSizeLessThan(10_000);
        assertThat(meta.get("console_signed_out_operator")).isEmpty();
    }

    @Test
    void manyPersonsDoNotFillTheStore() {
        for (int i = 0; i < 400; i++) {
            now = now.plusMillis(20);
            signOut(sessions.begin(new Caller(Role.VIEWER, "usr_" + i, "viewer " + i, null)));
        }
        assertThat(meta.get("console_signed_out_viewer").orElseThrow().lines()).hasSize(300);
    }

    @Test
    void serversThatSignOutAtTheSameTimeLoseNothing() {
        Sessions other = server("operators");
        String first = begin(OPERATOR_KEY);
        String second = begin(OPERATOR_KEY);
        assertThat(other.open(second)).isPresent();
        signOut(first);
        other.end(other.open(second).orElseThrow());
        now = now.plusSeconds(3);
        assertThat(sessions.open(first)).isEmpty();
        assertThat(sessions.open(second)).isEmpty();
    }

    @Test
    void thatOfAPersonEndsWithTheSettings() {
        String cookie = sessions.begin(ALICE);
        assertThat(sessions.open(cookie).orElseThrow().caller()).isEqualTo(ALICE);
        assertThat(server("others").open(cookie)).isEmpty();
        assertThat(new Sessions(
                                vault,
                                keys,
                                (merchant, role) -> null,
                                meta,
                                () -> now,
                                random,
                                new ConsoleSettings(true, null))
                        .open(cookie))
                .isEmpty();
    }

    @Test
    void aMadeUpCookieOpensNothing() {
        for (String cookie :
                List.of("", "k", "p", "pp", "k!", "kAAAA", begin(OPERATOR_KEY).replaceFirst("k", "p"))) {
            assertThat(sessions.open(cookie)).as(cookie).isEmpty();
        }
    }
}
