package dev.rung.api;

import dev.rung.core.flow.Engine;
import dev.rung.core.flow.MerchantHealth;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Durations;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.Signing;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.StoreException;
import dev.rung.crypto.SigningKeys;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Problem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Creates, reads, updates, pauses and resumes merchants, and rotates their signing keys. Used by the API and the console. Thread-safe. */
public final class MerchantService {
    private static final int OTHER_IDS_MAX = 3;
    private static final int PARKED_COUNTED_MAX = 100_000;
    private static final Duration OVERLAP_DEFAULT = Duration.ofHours(24);
    private static final Duration OVERLAP_MAX = Duration.ofDays(30);

    private final MerchantStore store;
    private final NotificationStore notifications;
    private final MerchantCache directory;
    private final UrlCheck urls;
    private final Engine engine;
    private final SigningKeys signingKeys;
    private final AuditRecorder audit;
    private final Ids ids;
    private final InstantSource clock;

    public MerchantService(
            MerchantStore store,
            NotificationStore notifications,
            MerchantCache directory,
            UrlCheck urls,
            Engine engine,
            SigningKeys signingKeys,
            AuditRecorder audit,
            Ids ids,
            InstantSource clock) {
        this.store = store;
        this.notifications = notifications;
        this.directory = directory;
        this.urls = urls;
        this.engine = engine;
        this.signingKeys = signingKeys;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * A merchant after a change.
     *
     * @param newKey to be shown this once; null if the signing key is unchanged
     */
    public record Changed(Merchant merchant, SigningKeys.@Nullable Generated newKey) {}

    /**
     * Creates a merchant.
     *
     * @throws dev.rung.web.ProblemException 422
     */
    public Changed create(Caller caller, FieldReader fields) {
        MerchantRequestReader wish = MerchantRequestReader.read(fields, true, directory, urls);
        for (int tries = 0; ; tries++) {
            MerchantId id = new MerchantId(ids.next());
            SigningKeys.Generated key =
                    key(id, Objects.requireNonNullElse(wish.signing(), Signing.HMAC), wish.importedKey());
            Merchant stored;
            try {
                stored = store.insert(newMerchant(id, wish, key.alone()));
            } catch (StoreException e) {
                if (e.isIdTaken() && tries < OTHER_IDS_MAX) {
                    ids.redraw();
                    continue;
                }
                throw e;
            }
            directory.keep(stored);
            audit.write(caller, "merchant.create", id.toString());
            return new Changed(stored, key);
        }
    }

    private Merchant newMerchant(MerchantId id, MerchantRequestReader wish, Receiver.Keys keys) {
        return new Merchant(
                id,
                Objects.requireNonNull(wish.name()),
                wish.applyTo(Receiver.of(null, keys), id, signingKeys.headers()),
                clock.millis(),
                0);
    }

    /**
     * The merchant.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    public Merchant find(MerchantId id) {
        return store.find(id).orElseThrow(() -> unknown().asException());
    }

    /**
     * The merchant, if the caller sees it.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    Merchant find(Caller caller, MerchantId id) {
        if (!caller.sees(id)) {
            throw unknown().asException();
        }
        return find(id);
    }

    /** A page of merchants, newest first, below an id. */
    List<Merchant> list(@Nullable MerchantId before, int limit) {
        return store.list(before, limit);
    }

    /** The merchant's health on this server. */
    public MerchantHealth health(MerchantId id) {
        return engine.health(id);
    }

    /** How many of the merchant's due deliveries are parked; at most {@value #PARKED_COUNTED_MAX} are counted. */
    public int parked(MerchantId id) {
        return notifications.countHeld(new BulkheadKey.OfMerchant(id), PARKED_COUNTED_MAX);
    }

    /**
     * Changes the given members.
     *
     * @throws dev.rung.web.ProblemException 404 or 422
     */
    public Changed change(Caller caller, MerchantId id, FieldReader fields) {
        MerchantRequestReader wish = MerchantRequestReader.read(fields, false, directory, urls);
        Merchant before = find(id);
        Signing signing = wish.signing();
        // Another signing method needs another kind of key; the old key is dropped.
        SigningKeys.Generated key =
                signing == null || signing == before.receiver().keys().signing()
                        ? null
                        : key(id, signing, wish.importedKey());
        if (key == null && wish.importedKey() != null) {
            throw Problem.invalid(
                            "signing_secret", "not_for_signing", "of the same signing is changed by rotate-secret")
                    .asException();
        }
        Merchant after = update(
                id, m -> wish.applyTo(m, key == null ? m.receiver().keys() : key.alone(), signingKeys.headers()));
        audit.write(caller, "merchant.change", id.toString());
        return new Changed(after, key);
    }

    /**
     * Pauses or resumes.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    public Merchant setPaused(Caller caller, MerchantId id, boolean paused) {
        Merchant after = update(id, m -> m.withPaused(paused));
        audit.write(caller, paused ? "merchant.pause" : "merchant.resume", id.toString());
        return after;
    }

    /**
     * Replaces the signing key.
     *
     * @throws dev.rung.web.ProblemException 404, 409 or 422
     */
    public Changed rotateSecret(Caller caller, MerchantId id, FieldReader fields) {
        Signing signing = find(id).receiver().keys().signing();
        String imported = MerchantRequestReader.importedKey(fields, signing);
        Duration overlap = overlap(fields);
        SigningKeys.Generated key = key(id, signing, imported);
        Merchant after = update(id, m -> m.withReceiver(rotated(m.receiver(), key, overlap)));
        audit.write(caller, "merchant.rotate_secret", id.toString(), g -> {
            g.writeStartObject();
            g.writeStringProperty("overlap", Durations.text(overlap));
            g.writeEndObject();
        });
        return new Changed(after, key);
    }

    private Receiver rotated(Receiver receiver, SigningKeys.Generated key, Duration overlap) {
        if (receiver.keys().signing() != key.signing()) {
            throw Problem.conflict("signing_changed", "The merchant's signing was changed at the same time.")
                    .asException();
        }
        long now = clock.millis();
        Receiver.Keys keys = key.after(receiver.keys(), now, now + overlap.toMillis());
        if (keys.earlier().size() + 1 > Receiver.Keys.VALID_MAX) {
            throw Problem.conflict(
                            "too_many_valid_keys",
                            "The merchant has " + Receiver.Keys.VALID_MAX
                                    + " valid keys. Wait until one ends, or end all earlier ones with \"overlap\":\"0s\".",
                            Receiver.Keys.VALID_MAX)
                    .asException();
        }
        return receiver.withKeys(keys);
    }

    /**
     * A new key.
     *
     * @param imported a key that the merchant has already; null: one is generated
     */
    private SigningKeys.Generated key(MerchantId id, Signing signing, @Nullable String imported) {
        if (imported == null) {
            return signingKeys.generate(id, signing);
        }
        try {
            return signingKeys.read(id, signing, imported);
        } catch (IllegalArgumentException e) {
            String field = signing == Signing.RSA2_FORM ? "private_key" : "signing_secret";
            throw Problem.invalid(field, "invalid_key", String.valueOf(e.getMessage()))
                    .asException();
        }
    }

    private static Duration overlap(FieldReader fields) {
        Duration overlap = fields.duration("overlap");
        if (overlap != null && overlap.compareTo(OVERLAP_MAX) > 0) {
            fields.wrong("overlap", "out_of_range", "is longer than 720h", "0s", "720h");
        }
        fields.finish();
        return overlap == null ? OVERLAP_DEFAULT : overlap;
    }

    private Merchant update(MerchantId id, UnaryOperator<Merchant> change) {
        Merchant after = store.update(id, change).orElseThrow(() -> unknown().asException());
        directory.keep(after);
        engine.merchantChanged(id);
        return after;
    }

    static Problem unknown() {
        return Problem.notFound("merchant_not_found", "Merchant not found.");
    }
}
