package dev.rung.console;

import dev.rung.core.port.MetaStore;
import dev.rung.crypto.Vault;
import dev.rung.web.Caller;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Stateless console sessions. A session is a cookie, encrypted under the master key: every server of the cluster can open it, it survives restarts
 * and needs no memory. Only sessions that were signed out are stored. Thread-safe.
 *
 * <p>A session is bound to the operator or viewer key it was started with; it is invalid after that key changes.
 */
@Lazy
@Component
final class Sessions {
    static final Duration LIFE = Duration.ofHours(12);
    private static final int ID_BYTES = 16;
    private static final int CONTENT_BYTES = ID_BYTES + Long.BYTES + ID_BYTES;

    private final Vault vault;
    private final List<Key> keys = new ArrayList<>();
    private final RevokedSessions signedOut;
    private final InstantSource clock;
    private final SecureRandom random;

    /** A key that can sign in, and the context its sessions are encrypted for. */
    private record Key(Caller caller, String context) {}

    Sessions(Vault vault, ConsoleKeys signIn, MetaStore meta, InstantSource clock, SecureRandom random) {
        this.vault = vault;
        this.clock = clock;
        this.random = random;
        this.signedOut = new RevokedSessions(meta, clock);
        keys.add(key(new Caller.Operator(), signIn.operator()));
        if (signIn.viewer() != null) {
            keys.add(key(new Caller.Viewer(), signIn.viewer()));
        }
    }

    private static Key key(Caller caller, String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return new Key(
                    caller,
                    "console session of the " + caller.actor() + " by the key "
                            + HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Starts a session; returns the cookie's value. */
    String begin(Caller caller) {
        Key key = keys.stream()
                .filter(k -> k.caller().equals(caller))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(caller.actor() + " cannot sign in to the console"));
        byte[] drawn = new byte[2 * ID_BYTES];
        random.nextBytes(drawn);
        byte[] content = ByteBuffer.allocate(CONTENT_BYTES)
                .put(drawn, 0, ID_BYTES)
                .putLong(clock.millis() + LIFE.toMillis())
                .put(drawn, ID_BYTES, ID_BYTES)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(vault.seal(key.context(), content));
    }

    /** The session of a cookie; empty if it is invalid, expired or signed out. */
    Optional<ConsoleSession> open(String cookie) {
        byte[] sealed;
        try {
            sealed = Base64.getUrlDecoder().decode(cookie);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        for (Key key : keys) {
            Optional<ConsoleSession> session = open(key, sealed);
            if (session.isPresent()) {
                return session.filter(s -> clock.millis() < s.until() && !isSignedOut(s));
            }
        }
        return Optional.empty();
    }

    private Optional<ConsoleSession> open(Key key, byte[] sealed) {
        byte[] content;
        try {
            content = vault.open(key.context(), sealed);
        } catch (IllegalStateException e) {
            return Optional.empty(); // sealed for another key, or forged
        }
        return Optional.of(read(key.caller(), content));
    }

    private static ConsoleSession read(Caller caller, byte[] content) {
        ByteBuffer in = ByteBuffer.wrap(content);
        byte[] id = new byte[ID_BYTES];
        byte[] csrf = new byte[ID_BYTES];
        in.get(id);
        long until = in.getLong();
        in.get(csrf);
        return new ConsoleSession(
                HexFormat.of().formatHex(id),
                caller,
                until,
                Base64.getUrlEncoder().withoutPadding().encodeToString(csrf));
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
