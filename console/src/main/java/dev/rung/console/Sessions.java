package dev.rung.console;

import dev.rung.api.ApiKeys;
import dev.rung.core.model.Ids;
import dev.rung.core.port.MetaStore;
import dev.rung.crypto.Vault;
import dev.rung.web.Caller;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Stateless console sessions. A session is a cookie, encrypted under the master key: every server of the cluster can open it, it survives restarts
 * and needs no memory. Only sessions that were signed out are stored. Thread-safe.
 *
 * <p>A session is bound to the key it was started with, and ends with it.
 */
@Lazy
@Component
final class Sessions {
    static final Duration LIFE = Duration.ofHours(12);
    private static final int ID_BYTES = 16;
    private static final int CONTENT_BYTES = ID_BYTES + Long.BYTES + ID_BYTES + Long.BYTES;
    private static final String CONTEXT = "console session";

    private final Vault vault;
    private final ApiKeys keys;
    private final RevokedSessions signedOut;
    private final InstantSource clock;
    private final SecureRandom random;

    Sessions(Vault vault, ApiKeys keys, MetaStore meta, InstantSource clock, SecureRandom random) {
        this.vault = vault;
        this.keys = keys;
        this.clock = clock;
        this.random = random;
        this.signedOut = new RevokedSessions(meta, clock);
    }

    /** Starts a session; returns the cookie's value. */
    String begin(Caller caller) {
        byte[] drawn = new byte[2 * ID_BYTES];
        random.nextBytes(drawn);
        byte[] content = ByteBuffer.allocate(CONTENT_BYTES)
                .put(drawn, 0, ID_BYTES)
                .putLong(clock.millis() + LIFE.toMillis())
                .put(drawn, ID_BYTES, ID_BYTES)
                .putLong(Ids.parse(Caller.KEY_PREFIX, caller.id()))
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(vault.seal(CONTEXT, content));
    }

    /** The session of a cookie; empty if it is invalid, expired, signed out, or its key has ended. */
    Optional<ConsoleSession> open(String cookie) {
        byte[] content;
        try {
            content = vault.open(CONTEXT, Base64.getUrlDecoder().decode(cookie));
        } catch (IllegalArgumentException | IllegalStateException e) {
            return Optional.empty(); // sealed under another master key, or forged
        }
        return Optional.ofNullable(read(content)).filter(s -> clock.millis() < s.until() && !isSignedOut(s));
    }

    private @Nullable ConsoleSession read(byte[] content) {
        ByteBuffer in = ByteBuffer.wrap(content);
        byte[] id = new byte[ID_BYTES];
        byte[] csrf = new byte[ID_BYTES];
        in.get(id);
        long until = in.getLong();
        in.get(csrf);
        Caller caller = keys.callerWithKey(in.getLong());
        return caller == null
                ? null
                : new ConsoleSession(
                        HexFormat.of().formatHex(id),
                        caller,
                        until,
                        Base64.getUrlEncoder().withoutPadding().encodeToString(csrf));
    }

    /** Whether the session's key is still valid. */
    boolean isKeyValid(ConsoleSession session) {
        return keys.isValid(session.caller());
    }

    /** Whether the session was signed out. */
    boolean isSignedOut(ConsoleSession session) {
        return signedOut.has(session);
    }

    /** Signs the session out. */
    void end(ConsoleSession session) {
        signedOut.add(session);
    }
}
