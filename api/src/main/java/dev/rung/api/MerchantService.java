package dev.rung.api;

import dev.rung.core.flow.Engine;
import dev.rung.core.flow.MerchantCache;
import dev.rung.core.flow.ReceiverHealth;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Signing;
import dev.rung.core.port.KeyStore;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.StoreException;
import dev.rung.crypto.SigningKeys;
import dev.rung.payments.port.PaymentStore;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.Problem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Creates, reads, updates, pauses and resumes merchants, and rotates their signing keys. Used by the API and the console. Thread-safe. */
public final class MerchantService {
    private static final int OTHER_IDS_MAX = 3;
    private static final int PARKED_COUNTED_MAX = 100_000;

    private final MerchantStore store;
    private final NotificationStore notifications;
    private final KeyStore keyStore;
    private final PaymentStore payments;
    private final WaitingCancellation cancellation;
    private final MerchantCache merchantCache;
    private final UrlCheck urls;
    private final Engine engine;
    private final ReceiverKeys keys;
    private final AuditRecorder audit;
    private final Ids ids;
    private final InstantSource clock;
    private final ChannelCatalog channels;

    public MerchantService(
            MerchantStore store,
            NotificationStore notifications,
            KeyStore keyStore,
            PaymentStore payments,
            WaitingCancellation cancellation,
            MerchantCache merchantCache,
            UrlCheck urls,
            Engine engine,
            ReceiverKeys keys,
            AuditRecorder audit,
            Ids ids,
            InstantSource clock,
            ChannelCatalog channels) {
        this.store = store;
        this.notifications = notifications;
        this.keyStore = keyStore;
        this.payments = payments;
        this.cancellation = cancellation;
        this.merchantCache = merchantCache;
        this.urls = urls;
        this.engine = engine;
        this.keys = keys;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
        this.channels = channels;
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
        List<String> accounts = accounts(fields);
        AtChannelsFields atChannels = AtChannelsFields.read(fields);
        ReceiverRequestReader wish =
                ReceiverRequestReader.ofMerchant(fields, true, merchantCache, urls, keys.dialects());
        for (int tries = 0; ; tries++) {
            MerchantId id = new MerchantId(ids.next());
            SigningKeys.Generated key = keys.key(
                    ReceiverId.own(id), Objects.requireNonNullElse(wish.signing(), Signing.HMAC), wish.importedKey());
            Merchant stored;
            try {
                stored = store.insert(atChannels.applyTo(
                        newMerchant(id, wish, key.alone()).withChannels(accounts),
                        keys.sealing().appAuthTokens()));
            } catch (StoreException e) {
                if (e.isIdTaken() && tries < OTHER_IDS_MAX) {
                    ids.redraw();
                    continue;
                }
                throw e;
            }
            merchantCache.update(stored);
            audit.write(caller, "merchant.create", id.toString());
            return new Changed(stored, key);
        }
    }

    /** The channel accounts that a merchant is bound to; empty if it is not. */
    private List<String> accounts(FieldReader fields) {
        List<Json> given = fields.list("channels");
        if (given == null) {
            return List.of();
        }
        Set<String> known =
                channels.accounts().stream().map(ChannelCatalog.Entry::name).collect(Collectors.toSet());
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < given.size(); i++) {
            if (given.get(i) instanceof Json.Text text && known.contains(text.value())) {
                names.add(text.value());
            } else {
                String all = String.join(", ", new TreeSet<>(known));
                fields.wrong("channels[" + i + "]", "unknown_channel", "is not one of " + all, all);
            }
        }
        return List.copyOf(names);
    }

    private Merchant newMerchant(MerchantId id, ReceiverRequestReader wish, Receiver.Keys first) {
        return new Merchant(
                id,
                Objects.requireNonNull(wish.name()),
                wish.applyTo(Receiver.of(null, first), ReceiverId.own(id), keys.sealing()),
                clock.millis(),
                0);
    }

    private Merchant find(MerchantId id) {
        return store.find(id)
                .filter(m -> !m.isDeleted())
                .orElseThrow(() -> unknown().asException());
    }

    /**
     * The merchant, if the caller sees it.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    public Merchant find(Caller caller, MerchantId id) {
        if (!caller.sees(id)) {
            throw unknown().asException();
        }
        return find(id);
    }

    /** A page of merchants, newest first, below an id. */
    List<Merchant> list(@Nullable MerchantId before, int limit) {
        return store.list(before, limit);
    }

    /** The health of one of the merchant's receivers on this server. */
    public ReceiverHealth health(ReceiverId id) {
        return engine.health(id);
    }

    /** How many of a receiver's due deliveries are parked; at most {@value #PARKED_COUNTED_MAX} are counted. */
    public int parked(ReceiverId id) {
        return notifications.countHeld(new BulkheadKey.OfReceiver(id), PARKED_COUNTED_MAX);
    }

    /**
     * Changes the given members.
     *
     * @throws dev.rung.web.ProblemException 404 or 422
     */
    public Changed change(Caller caller, MerchantId id, FieldReader fields) {
        boolean binds = fields.has("channels");
        List<String> accounts = accounts(fields);
        AtChannelsFields atChannels = AtChannelsFields.read(fields);
        ReceiverRequestReader wish =
                ReceiverRequestReader.ofMerchant(fields, false, merchantCache, urls, keys.dialects());
        SigningKeys.Generated key =
                keys.replacement(ReceiverId.own(id), find(caller, id).receiver(), wish);
        Merchant after = update(
                id,
                m -> wish.applyTo(
                        atChannels.applyTo(
                                binds ? m.withChannels(accounts) : m,
                                keys.sealing().appAuthTokens()),
                        key == null ? m.receiver().keys() : key.alone(),
                        keys.sealing()));
        audit.write(caller, "merchant.change", id.toString());
        return new Changed(after, key);
    }

    /**
     * Pauses or resumes.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    public Merchant setPaused(Caller caller, MerchantId id, boolean paused) {
        find(caller, id);
        Merchant after = update(id, m -> m.withPaused(paused));
        audit.write(caller, paused ? "merchant.pause" : "merchant.resume", id.toString());
        return after;
    }

    /**
     * Deletes the merchant: its id is refused from now on, on other servers within a second. Its records stay.
     *
     * @param cancelWaiting whether what waits is cancelled
     * @throws dev.rung.web.ProblemException 404; 409 if a payment or refund is open, or something waits
     */
    public void delete(Caller caller, MerchantId id, boolean cancelWaiting) {
        find(caller, id);
        if (payments.hasOpen(id)) {
            throw Problem.conflict("payments_open", "A payment or refund of the merchant is open.")
                    .asException();
        }
        if (!cancelWaiting && cancellation.isAnyWaiting(id)) {
            throw Problem.conflict(
                            "notifications_waiting",
                            "Notifications wait for the merchant. With cancel_waiting=true they are cancelled.")
                    .asException();
        }
        // No longer paused, so that nothing stays parked that is cancelled when it is due.
        update(id, MerchantService::resumed);
        update(id, m -> m.withDeletedAt(clock.millis()));
        keyStore.list(id).forEach(key -> keyStore.revoke(id, key.id(), clock.millis()));
        audit.write(caller, "merchant.delete", id.toString());
        cancellation.cancel(id, null);
    }

    private static Merchant resumed(Merchant merchant) {
        return merchant.withPaused(false)
                .withEndpoints(merchant.endpoints().stream()
                        .map(each -> each.withReceiver(each.receiver().withPaused(false)))
                        .toList());
    }

    /**
     * Replaces the signing key.
     *
     * @throws dev.rung.web.ProblemException 404, 409 or 422
     */
    public Changed rotateSecret(Caller caller, MerchantId id, FieldReader fields) {
        Signing signing = find(caller, id).receiver().keys().signing();
        String imported = ReceiverRequestReader.importedKey(fields, signing);
        Duration overlap = ReceiverKeys.overlap(fields);
        SigningKeys.Generated key = keys.key(ReceiverId.own(id), signing, imported);
        Merchant after = update(id, m -> m.withReceiver(keys.rotated(m.receiver(), key, overlap)));
        audit.write(caller, "merchant.rotate_secret", id.toString(), g -> ReceiverKeys.audit(g, overlap));
        return new Changed(after, key);
    }

    /**
     * Changes a merchant or its endpoints, for this server at once, for others within a second.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    Merchant update(MerchantId id, UnaryOperator<Merchant> change) {
        Merchant after = store.update(id, m -> {
                    if (m.isDeleted()) {
                        throw unknown().asException();
                    }
                    return change.apply(m);
                })
                .orElseThrow(() -> unknown().asException());
        merchantCache.update(after);
        engine.merchantChanged(id);
        return after;
    }

    static Problem unknown() {
        return Problem.notFound("merchant_not_found", "Merchant not found.");
    }
}
