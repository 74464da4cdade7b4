package dev.rung.api;

import dev.rung.core.model.Ids;
import dev.rung.core.model.MerchantId;
import dev.rung.core.port.MerchantStore;
import dev.rung.observability.StreamHub;
import dev.rung.web.ApiRequest;
import dev.rung.web.ApiResponse;
import dev.rung.web.Caller;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import java.time.InstantSource;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Creates, lists and revokes API keys of a merchant. */
final class KeysResource {
    /** Maximum of keys per merchant; keeps the list in one page. */
    private static final int KEYS_MAX = 100;

    private final MerchantStore store;
    private final ApiKeys apiKeys;
    private final StreamHub hub;
    private final AuditRecorder audit;
    private final Ids ids;
    private final InstantSource clock;

    KeysResource(ApiDependencies parts) {
        this.store = parts.merchants();
        this.apiKeys = parts.apiKeys();
        this.hub = parts.hub();
        this.audit = parts.audit();
        this.ids = parts.ids();
        this.clock = parts.clock();
    }

    /** {@code POST /v1/merchants/{id}/keys} */
    ApiResponse create(ApiRequest call) {
        ResendResource.refuseFields(call);
        MerchantId merchant = existing(call);
        if (store.keys(merchant).size() >= KEYS_MAX) {
            throw Problem.conflict("The merchant has " + KEYS_MAX + " keys; revoke one first.")
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
        audit.write(call.caller(), "key.create", Ids.text(Caller.KEY_PREFIX, key.id()), g -> {
            g.writeStartObject();
            g.writeStringProperty("merchant_id", merchant.toString());
            g.writeEndObject();
        });
        return ApiResponse.json(201, g -> {
            g.writeStartObject();
            members(g, key);
            g.writeStringProperty("key", secret);
            g.writeEndObject();
        });
    }

    /** {@code GET /v1/merchants/{id}/keys} */
    ApiResponse list(ApiRequest call) {
        List<MerchantStore.Key> keys = store.keys(existing(call));
        return ApiResponse.json(
                200,
                g -> JsonWriter.page(g, null, items -> {
                    for (MerchantStore.Key key : keys) {
                        items.writeStartObject();
                        members(items, key);
                        items.writeEndObject();
                    }
                }));
    }

    private static void members(JsonGenerator g, MerchantStore.Key key) {
        g.writeStringProperty("id", Ids.text(Caller.KEY_PREFIX, key.id()));
        g.writeStringProperty("merchant_id", key.merchant().toString());
        g.writeStringProperty("hint", key.hint());
        JsonWriter.time(g, "created_at", key.createdAt());
    }

    /** {@code DELETE /v1/merchants/{id}/keys/{key_id}} */
    ApiResponse delete(ApiRequest call) {
        MerchantId merchant = existing(call);
        String spelled = call.variable("key_id");
        long id;
        try {
            id = Ids.parse(Caller.KEY_PREFIX, spelled);
        } catch (IllegalArgumentException e) {
            throw unknown().asException();
        }
        if (!store.deleteKey(merchant, id)) {
            throw unknown().asException();
        }
        apiKeys.forget();
        hub.disconnect(merchant);
        audit.write(call.caller(), "key.delete", spelled);
        return ApiResponse.noContent();
    }

    private MerchantId existing(ApiRequest call) {
        MerchantId id = MerchantsResource.idOf(call);
        if (store.find(id).isEmpty()) {
            throw MerchantsResource.unknown().asException();
        }
        return id;
    }

    private static Problem unknown() {
        return Problem.notFound("API key not found.");
    }
}
