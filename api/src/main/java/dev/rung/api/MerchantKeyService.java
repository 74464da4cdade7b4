package dev.rung.api;

import dev.rung.core.model.Ids;
import dev.rung.core.model.MerchantId;
import dev.rung.core.port.MerchantStore;
import dev.rung.observability.StreamHub;
import dev.rung.web.Caller;
import dev.rung.web.Problem;
import java.time.InstantSource;
import java.util.List;

/** Creates, lists and revokes API keys of merchants. Used by the API and the console. Thread-safe. */
public final class MerchantKeyService {
    /** Maximum of keys per merchant; keeps the list in one page. */
    private static final int KEYS_MAX = 100;

    private final MerchantStore store;
    private final ApiKeys apiKeys;
    private final StreamHub hub;
    private final AuditRecorder audit;
    private final Ids ids;
    private final InstantSource clock;

    public MerchantKeyService(
            MerchantStore store, ApiKeys apiKeys, StreamHub hub, AuditRecorder audit, Ids ids, InstantSource clock) {
        this.store = store;
        this.apiKeys = apiKeys;
        this.hub = hub;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * A new key.
     *
     * @param secret to be shown this once
     */
    public record Created(MerchantStore.Key key, String secret) {}

    /**
     * Creates a key.
     *
     * @throws dev.rung.web.ProblemException 404 or 409
     */
    public Created create(Caller caller, MerchantId merchant) {
        if (list(merchant).size() >= KEYS_MAX) {
            throw Problem.conflict(
                            "too_many_keys", "The merchant has " + KEYS_MAX + " keys; revoke one first.", KEYS_MAX)
                    .asException();
        }
        String secret = apiKeys.draw();
        MerchantStore.Key key = new MerchantStore.Key(
                ids.next(merchant),
                merchant,
                ApiKeys.digest(secret),
                secret.substring(secret.length() - 4),
                clock.millis());
        store.insertKey(key);
        audit.write(caller, "key.create", Ids.text(Caller.KEY_PREFIX, key.id()), g -> {
            g.writeStartObject();
            g.writeStringProperty("merchant_id", merchant.toString());
            g.writeEndObject();
        });
        return new Created(key, secret);
    }

    /**
     * All keys of a merchant.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    public List<MerchantStore.Key> list(MerchantId merchant) {
        if (store.find(merchant).isEmpty()) {
            throw MerchantService.unknown().asException();
        }
        return store.keys(merchant);
    }

    /**
     * Revokes a key, and disconnects the merchant's streams.
     *
     * @param key its id, as text
     * @throws dev.rung.web.ProblemException 404
     */
    public void revoke(Caller caller, MerchantId merchant, String key) {
        long id;
        try {
            id = Ids.parse(Caller.KEY_PREFIX, key);
        } catch (IllegalArgumentException e) {
            throw unknown().asException();
        }
        if (store.find(merchant).isEmpty() || !store.deleteKey(merchant, id)) {
            throw unknown().asException();
        }
        apiKeys.forget();
        hub.disconnect(merchant);
        audit.write(caller, "key.delete", key);
    }

    private static Problem unknown() {
        return Problem.notFound("key_not_found", "API key not found.");
    }
}
