package dev.rung.api;

import dev.rung.core.model.Ids;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Role;
import dev.rung.core.port.KeyStore;
import dev.rung.core.port.MerchantStore;
import dev.rung.observability.StreamHub;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Problem;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Creates, lists and revokes API keys of the server and of merchants. Used by the API and the console. Thread-safe. */
public final class KeyService {
    /** Maximum of keys per owner; keeps the list in one page. */
    private static final int KEYS_MAX = 100;

    private final KeyStore store;
    private final MerchantStore merchants;
    private final ApiKeys apiKeys;
    private final StreamHub hub;
    private final AuditRecorder audit;
    private final Ids ids;
    private final InstantSource clock;

    public KeyService(
            KeyStore store,
            MerchantStore merchants,
            ApiKeys apiKeys,
            StreamHub hub,
            AuditRecorder audit,
            Ids ids,
            InstantSource clock) {
        this.store = store;
        this.merchants = merchants;
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
    public record Created(KeyStore.Key key, String secret) {}

    /**
     * Creates a key of the server.
     *
     * @param fields {@code name}, {@code role}, {@code expires_at}
     * @throws dev.rung.web.ProblemException 409 or 422
     */
    public Created create(Caller caller, FieldReader fields) {
        String name = fields.text("name", FieldValidators::name);
        fields.require("name");
        Role role = fields.text("role", text -> KeyJson.role(text, false));
        fields.require("role");
        Instant expiresAt = fields.instant("expires_at");
        fields.finish();
        if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
            throw Problem.invalid("expires_at", "in_the_past", "is in the past").asException();
        }
        if (store.list(null).size() >= KEYS_MAX) {
            throw Problem.conflict(
                            "too_many_server_keys", "The server has " + KEYS_MAX + " keys; revoke one first.", KEYS_MAX)
                    .asException();
        }
        return insert(
                caller,
                ids.next(),
                Objects.requireNonNull(name),
                Objects.requireNonNull(role),
                null,
                expiresAt == null ? null : expiresAt.toEpochMilli());
    }

    /**
     * Creates a key of a merchant.
     *
     * @throws dev.rung.web.ProblemException 404 or 409
     */
    public Created create(Caller caller, MerchantId merchant, Role role) {
        if (list(caller, merchant).size() >= KEYS_MAX) {
            throw Problem.conflict(
                            "too_many_keys", "The merchant has " + KEYS_MAX + " keys; revoke one first.", KEYS_MAX)
                    .asException();
        }
        return insert(caller, ids.next(merchant), null, role, merchant, null);
    }

    private Created insert(
            Caller caller,
            long id,
            @Nullable String name,
            Role role,
            @Nullable MerchantId merchant,
            @Nullable Long expiresAt) {
        String secret = apiKeys.draw(role);
        KeyStore.Key key = new KeyStore.Key(
                id,
                name,
                role,
                merchant,
                ApiKeys.digest(secret),
                ApiKeys.hint(secret),
                false,
                clock.millis(),
                expiresAt,
                null,
                null);
        store.insert(key);
        audit.write(caller, "key.create", Ids.text(Caller.KEY_PREFIX, id), g -> {
            g.writeStartObject();
            if (merchant != null) {
                g.writeStringProperty("merchant_id", merchant.toString());
            }
            if (name != null) {
                g.writeStringProperty("name", name);
            }
            g.writeStringProperty("role", role.text());
            g.writeEndObject();
        });
        return new Created(key, secret);
    }

    /** All keys of the server that are not revoked, expired ones among them. */
    public List<KeyStore.Key> list() {
        return store.list(null);
    }

    /**
     * All keys of a merchant.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    public List<KeyStore.Key> list(Caller caller, MerchantId merchant) {
        if (!caller.sees(merchant) || merchants.find(merchant).isEmpty()) {
            throw MerchantService.unknown().asException();
        }
        return store.list(merchant);
    }

    /**
     * Revokes a key, and disconnects its streams.
     *
     * @param merchant its owner; null for a key of the server
     * @param key its id, as text
     * @throws dev.rung.web.ProblemException 404; 409 if it is the last key of an operator
     */
    public void revoke(Caller caller, @Nullable MerchantId merchant, String key) {
        long id;
        try {
            id = Ids.parse(Caller.KEY_PREFIX, key);
        } catch (IllegalArgumentException e) {
            throw unknown().asException();
        }
        if (merchant == null) {
            checkAnotherOperatorRemains(id);
        } else if (!caller.sees(merchant)) {
            throw MerchantService.unknown().asException();
        }
        if (!store.revoke(merchant, id, clock.millis())) {
            throw unknown().asException();
        }
        apiKeys.forget();
        hub.disconnect(key);
        audit.write(caller, "key.delete", key);
    }

    private void checkAnotherOperatorRemains(long id) {
        List<KeyStore.Key> operators = store.list(null).stream()
                .filter(key -> key.role() == Role.OPERATOR && key.isValid(clock.millis()))
                .toList();
        if (operators.size() == 1 && operators.getFirst().id() == id) {
            throw Problem.conflict("last_operator_key", "It is the last key of an operator; create another one first.")
                    .asException();
        }
    }

    private static Problem unknown() {
        return Problem.notFound("key_not_found", "API key not found.");
    }
}
