package dev.rung.api;

import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Ids;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Role;
import dev.rung.core.port.MetaStore;
import dev.rung.crypto.Vault;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Single-use links that sign in to the console as a merchant. Used by the API and the console. Thread-safe.
 *
 * <p>A link contains its meaning, sealed under the master key, so that any server can open it. Only links that were used are stored, until they
 * expire.
 */
public final class PortalLinkService implements PortalHolders {
    /** The path of a link. */
    public static final String PATH = "/sign-in/portal";

    private static final Duration EXPIRES_IN = Duration.ofMinutes(10);
    private static final Duration EXPIRES_IN_MIN = Duration.ofSeconds(1);
    private static final Duration EXPIRES_IN_MAX = Duration.ofHours(24);
    private static final int TOKEN_LENGTH_MAX = 500;
    private static final String CONTEXT = "portal link";
    /** The prefix; the expiry, {@code _} and the id follow. */
    private static final String USED = "portal_link_used_";

    private final MerchantService merchants;
    private final MerchantCache merchantCache;
    private final MetaStore meta;
    private final Vault vault;
    private final AuditRecorder audit;
    private final Ids ids;
    private final InstantSource clock;
    private final PortalAddress address;

    /** Where browsers reach this server, without a slash at the end. */
    @FunctionalInterface
    public interface PortalAddress extends Supplier<URI> {}

    PortalLinkService(
            MerchantService merchants,
            MerchantCache merchantCache,
            MetaStore meta,
            Vault vault,
            AuditRecorder audit,
            Ids ids,
            InstantSource clock,
            PortalAddress address) {
        this.merchants = merchants;
        this.merchantCache = merchantCache;
        this.meta = meta;
        this.vault = vault;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
        this.address = address;
    }

    /** What a link means. */
    private record Grant(long id, MerchantId merchant, Role role, long expiresAt) {}

    /**
     * Makes a link.
     *
     * @param fields {@code expires_in} and {@code role}, both optional
     * @throws dev.rung.web.ProblemException 404 or 422
     */
    public URI create(Caller caller, MerchantId merchant, FieldReader fields) {
        Duration expiresIn = Objects.requireNonNullElse(fields.duration("expires_in"), EXPIRES_IN);
        if (expiresIn.compareTo(EXPIRES_IN_MIN) < 0 || expiresIn.compareTo(EXPIRES_IN_MAX) > 0) {
            fields.wrong("expires_in", "out_of_range", "is not between 1s and 24h", "1s", "24h");
        }
        Role role = fields.text("role", text -> KeyJson.role(text, true));
        fields.finish();
        merchants.find(caller, merchant);
        Role given = role == null ? Role.MERCHANT_VIEW : role;
        String token = sealed(new Grant(ids.next(merchant), merchant, given, clock.millis() + expiresIn.toMillis()));
        audit.write(caller, "merchant.portal_link", merchant.toString(), g -> {
            g.writeStartObject();
            g.writeStringProperty("role", given.text());
            g.writeEndObject();
        });
        return URI.create(address.get() + PATH + "?token=" + token);
    }

    /** Uses a link; empty if it is invalid, has expired or was used before, or the merchant was deleted. */
    public Optional<Caller> use(String token) {
        Grant grant = token.length() > TOKEN_LENGTH_MAX ? null : open(token);
        long now = clock.millis();
        if (grant == null || now >= grant.expiresAt() || !exists(grant.merchant())) {
            return Optional.empty();
        }
        forgetExpired(now);
        boolean first = meta.putIfAbsent(
                USED + Long.toString(grant.expiresAt(), Character.MAX_RADIX) + "_"
                        + Long.toString(grant.id(), Character.MAX_RADIX),
                "");
        return first ? Optional.of(holder(grant.merchant(), grant.role())) : Optional.empty();
    }

    @Override
    public @Nullable Caller callerOf(MerchantId merchant, Role role) {
        return exists(merchant) ? holder(merchant, role) : null;
    }

    private static Caller holder(MerchantId merchant, Role role) {
        return new Caller(role, Caller.LINK_PREFIX + merchant, "portal link of " + merchant, merchant);
    }

    private boolean exists(MerchantId merchant) {
        return merchantCache.find(merchant).isPresent();
    }

    private void forgetExpired(long now) {
        for (String key : meta.keys(USED)) {
            String rest = key.substring(USED.length());
            if (Long.parseLong(rest.substring(0, rest.indexOf('_')), Character.MAX_RADIX) < now) {
                meta.remove(key);
            }
        }
    }

    private String sealed(Grant grant) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(grant.id());
            out.writeLong(grant.merchant().value());
            out.writeInt(grant.role().code());
            out.writeLong(grant.expiresAt());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not in memory
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(vault.seal(CONTEXT, bytes.toByteArray()));
    }

    private @Nullable Grant open(String token) {
        byte[] content;
        try {
            content = vault.open(CONTEXT, Base64.getUrlDecoder().decode(token));
        } catch (IllegalArgumentException | IllegalStateException e) {
            return null; // sealed under another master key, or forged
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
            return new Grant(
                    in.readLong(),
                    new MerchantId(in.readLong()),
                    CodedEnum.ofCode(Role.class, in.readInt()),
                    in.readLong());
        } catch (IOException e) {
            return null; // sealed by another version
        }
    }
}
