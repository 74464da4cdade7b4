package dev.rung.console;

import dev.rung.api.ApiKeys;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Role;
import dev.rung.core.port.MetaStore;
import dev.rung.crypto.Vault;
import dev.rung.web.Caller;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Stateless console sessions. A session is a cookie, encrypted under the master key: every server of the cluster can open it, it survives restarts
 * and needs no memory. Only sessions that were signed out are stored. Thread-safe.
 *
 * <p>A session ends with the key it was started with. That of a person ends with the settings of OpenID Connect it was started under. Every session
 * ends when it is not used for {@link #IDLE}, and {@link #LIFE} after its start.
 */
@Lazy
@Component
final class Sessions {
    static final Duration LIFE = Duration.ofHours(12);
    static final Duration IDLE = Duration.ofHours(1);
    /** A session that is used gets a new cookie when its last one is as old as this. */
    private static final Duration RENEW_AFTER = Duration.ofMinutes(1);

    private static final int CSRF_BYTES = 16;
    private static final int RANDOM_BITS = 20;
    /** The first letter of the cookies of persons. */
    private static final String PERSON = "p";

    private static final String KEY = "k";
    private static final String CONTEXT = "console session";

    private final Vault vault;
    private final ApiKeys keys;
    private final RevokedSessions signedOut;
    private final InstantSource clock;
    private final SecureRandom random;
    private final String personContext;

    Sessions(
            Vault vault,
            ApiKeys keys,
            MetaStore meta,
            InstantSource clock,
            SecureRandom random,
            ConsoleSettings settings) {
        this.vault = vault;
        this.keys = keys;
        this.clock = clock;
        this.random = random;
        this.signedOut = new RevokedSessions(meta, clock, IDLE);
        OidcSettings oidc = settings.oidc();
        this.personContext = "console session of a person by " + (oidc == null ? "no provider" : oidc.identity());
    }

    /** Starts a session; returns the cookie's value. */
    String begin(Caller caller) {
        long now = clock.millis();
        byte[] csrf = new byte[CSRF_BYTES];
        random.nextBytes(csrf);
        return sealed(new ConsoleSession(
                now << RANDOM_BITS | random.nextInt(1 << RANDOM_BITS),
                caller,
                now + IDLE.toMillis(),
                now + LIFE.toMillis(),
                Base64.getUrlEncoder().withoutPadding().encodeToString(csrf)));
    }

    /** The next cookie of a session that is used; empty if it does not need one yet. */
    Optional<String> renewed(ConsoleSession session) {
        long idleEnd = clock.millis() + IDLE.toMillis();
        return idleEnd - session.idleEnd() < RENEW_AFTER.toMillis() || session.idleEnd() >= session.end()
                ? Optional.empty()
                : Optional.of(sealed(
                        new ConsoleSession(session.id(), session.caller(), idleEnd, session.end(), session.csrf())));
    }

    /** How long the cookie of a session is kept by the browser at most. */
    Duration lifeOf(ConsoleSession session) {
        return Duration.ofMillis(Math.max(0, session.end() - clock.millis()));
    }

    private String sealed(ConsoleSession session) {
        Caller caller = session.caller();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(session.id());
            out.writeLong(session.idleEnd());
            out.writeLong(session.end());
            out.writeUTF(session.csrf());
            out.writeUTF(caller.id());
            if (caller.isPerson()) {
                out.writeInt(caller.role().code());
                out.writeUTF(caller.name());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not in memory
        }
        byte[] content = vault.seal(caller.isPerson() ? personContext : CONTEXT, bytes.toByteArray());
        return (caller.isPerson() ? PERSON : KEY)
                + Base64.getUrlEncoder().withoutPadding().encodeToString(content);
    }

    /** The session of a cookie; empty if it is invalid, expired, signed out, or its key has ended. */
    Optional<ConsoleSession> open(String cookie) {
        byte[] content;
        boolean person = cookie.startsWith(PERSON);
        if (!person && !cookie.startsWith(KEY)) {
            return Optional.empty();
        }
        try {
            content = vault.open(
                    person ? personContext : CONTEXT, Base64.getUrlDecoder().decode(cookie.substring(1)));
        } catch (IllegalArgumentException | IllegalStateException e) {
            return Optional.empty(); // sealed under another master key, or forged
        }
        return Optional.ofNullable(read(content, person)).filter(s -> clock.millis() < s.until() && !isSignedOut(s));
    }

    private @Nullable ConsoleSession read(byte[] content, boolean person) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
            long id = in.readLong();
            long idleEnd = in.readLong();
            long end = in.readLong();
            String csrf = in.readUTF();
            String callerId = in.readUTF();
            Caller caller = person
                    ? new Caller(CodedEnum.ofCode(Role.class, in.readInt()), callerId, in.readUTF(), null)
                    : keys.callerWithKey(Ids.parse(Caller.KEY_PREFIX, callerId));
            return caller == null ? null : new ConsoleSession(id, caller, idleEnd, end, csrf);
        } catch (IOException e) {
            return null; // sealed by another version
        }
    }

    /** Whether the session has neither ended nor lost its key. */
    boolean isValid(ConsoleSession session) {
        return clock.millis() < session.until()
                && !isSignedOut(session)
                && (session.caller().isPerson() || keys.isValid(session.caller()));
    }

    private boolean isSignedOut(ConsoleSession session) {
        return signedOut.has(session);
    }

    /** Signs the session out. */
    void end(ConsoleSession session) {
        signedOut.add(session);
    }
}
