package dev.rung.console;

import dev.rung.api.ApiKeys;
import dev.rung.api.PortalHolders;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Ids;
import dev.rung.core.model.MerchantId;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Stateless console sessions. A session is a cookie, encrypted under the master key: every server of the cluster can open it, it survives restarts
 * and needs no memory. Only sessions that were signed out are stored. Thread-safe.
 *
 * <p>A session ends with the key it was started with; one by a portal link, with the merchant. That of a person ends with the settings of OpenID Connect it was started under. Every session
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

    /** Of the holders of portal links. */
    private static final String LINK = "m";

    private static final String KEY = "k";
    private static final Set<String> KINDS = Set.of(PERSON, LINK, KEY);
    private static final String CONTEXT = "console session";
    private static final String LINK_CONTEXT = "console session of a portal link";

    private final Vault vault;
    private final ApiKeys keys;
    private final PortalHolders links;
    private final RevokedSessions signedOut;
    private final InstantSource clock;
    private final SecureRandom random;
    private final String personContext;

    Sessions(
            Vault vault,
            ApiKeys keys,
            PortalHolders links,
            MetaStore meta,
            InstantSource clock,
            SecureRandom random,
            ConsoleSettings settings) {
        this.vault = vault;
        this.keys = keys;
        this.links = links;
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
            } else if (caller.isByLink()) {
                out.writeInt(caller.role().code());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not in memory
        }
        String kind = caller.isPerson() ? PERSON : caller.isByLink() ? LINK : KEY;
        byte[] content = vault.seal(context(kind), bytes.toByteArray());
        return kind + Base64.getUrlEncoder().withoutPadding().encodeToString(content);
    }

    /** The session of a cookie; empty if it is invalid, expired, signed out, or its key has ended. */
    Optional<ConsoleSession> open(String cookie) {
        byte[] content;
        String kind = cookie.isEmpty() ? "" : cookie.substring(0, 1);
        if (!KINDS.contains(kind)) {
            return Optional.empty();
        }
        try {
            content = vault.open(context(kind), Base64.getUrlDecoder().decode(cookie.substring(1)));
        } catch (IllegalArgumentException | IllegalStateException e) {
            return Optional.empty(); // sealed under another master key, or forged
        }
        return Optional.ofNullable(read(content, kind)).filter(s -> clock.millis() < s.until() && !isSignedOut(s));
    }

    /** What is sealed for one kind of session cannot be opened as another. */
    private String context(String kind) {
        return switch (kind) {
            case PERSON -> personContext;
            case LINK -> LINK_CONTEXT;
            default -> CONTEXT;
        };
    }

    private @Nullable ConsoleSession read(byte[] content, String kind) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
            long id = in.readLong();
            long idleEnd = in.readLong();
            long end = in.readLong();
            String csrf = in.readUTF();
            String callerId = in.readUTF();
            Caller caller = switch (kind) {
                case PERSON -> new Caller(CodedEnum.ofCode(Role.class, in.readInt()), callerId, in.readUTF(), null);
                case LINK ->
                    links.callerOf(
                            MerchantId.parse(callerId.substring(Caller.LINK_PREFIX.length())),
                            CodedEnum.ofCode(Role.class, in.readInt()));
                default -> keys.callerWithKey(Ids.parse(Caller.KEY_PREFIX, callerId));
            };
            return caller == null ? null : new ConsoleSession(id, caller, idleEnd, end, csrf);
        } catch (IOException e) {
            return null; // sealed by another version
        }
    }

    /** Whether the session has neither ended nor lost its key. */
    boolean isValid(ConsoleSession session) {
        return clock.millis() < session.until() && !isSignedOut(session) && hasCaller(session.caller());
    }

    private boolean hasCaller(Caller caller) {
        if (caller.isByLink()) {
            return caller.merchant() != null && links.callerOf(caller.merchant(), caller.role()) != null;
        }
        return caller.isPerson() || keys.isValid(caller);
    }

    private boolean isSignedOut(ConsoleSession session) {
        return signedOut.has(session);
    }

    /** Signs the session out. */
    void end(ConsoleSession session) {
        signedOut.add(session);
    }
}
