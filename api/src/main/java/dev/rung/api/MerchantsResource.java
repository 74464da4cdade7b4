package dev.rung.api;

import dev.rung.core.flow.Engine;
import dev.rung.core.model.Durations;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.Signing;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.StoreException;
import dev.rung.crypto.SigningKeys;
import dev.rung.web.ApiRequest;
import dev.rung.web.ApiResponse;
import dev.rung.web.FieldErrors;
import dev.rung.web.FieldReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import dev.rung.web.QueryParameters;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Creates, reads, updates, pauses and resumes merchants, and rotates their signing keys. */
final class MerchantsResource {
    private static final int OTHER_IDS_MAX = 3;
    private static final Duration OVERLAP_DEFAULT = Duration.ofHours(24);
    private static final Duration OVERLAP_MAX = Duration.ofDays(30);

    private final MerchantStore store;
    private final MerchantCache directory;
    private final UrlCheck urls;
    private final Engine engine;
    private final SigningKeys signingKeys;
    private final AuditRecorder audit;
    private final Ids ids;
    private final InstantSource clock;

    MerchantsResource(ApiDependencies parts) {
        this.store = parts.merchants();
        this.directory = parts.directory();
        this.urls = parts.urls();
        this.engine = parts.engine();
        this.signingKeys = parts.signingKeys();
        this.audit = parts.audit();
        this.ids = parts.ids();
        this.clock = parts.clock();
    }

    /** {@code POST /v1/merchants} */
    ApiResponse create(ApiRequest call) {
        MerchantRequestReader wish = MerchantRequestReader.read(call.body(), true, directory, urls);
        for (int tries = 0; ; tries++) {
            MerchantId id = new MerchantId(ids.next());
            SigningKeys.Generated key =
                    signingKeys.generate(id, Objects.requireNonNullElse(wish.signing(), Signing.HMAC));
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
            audit.write(call.caller(), "merchant.create", id.toString());
            return withKey(201, stored, key);
        }
    }

    private Merchant newMerchant(MerchantId id, MerchantRequestReader wish, Receiver.Keys keys) {
        return new Merchant(
                id, Objects.requireNonNull(wish.name()), wish.applyTo(Receiver.of(null, keys)), clock.millis(), 0);
    }

    /** {@code GET /v1/merchants} */
    ApiResponse list(ApiRequest call) {
        FieldErrors errors = new FieldErrors();
        QueryParameters query = call.query(errors);
        int limit = query.integer("limit", NotificationResource.LIMIT_DEFAULT, 1, NotificationResource.LIMIT_MAX);
        Long before = query.text("cursor", text -> Cursors.number(Cursors.Kind.MERCHANTS, text));
        query.refuseOthers();
        errors.check();
        List<Merchant> page = store.list(before == null ? null : new MerchantId(before), limit);
        String next = page.size() < limit
                ? null
                : Cursors.of(Cursors.Kind.MERCHANTS, page.getLast().id().value());
        return ApiResponse.json(
                200,
                g -> JsonWriter.page(g, next, items -> {
                    for (Merchant merchant : page) {
                        items.writeStartObject();
                        MerchantJson.members(items, merchant);
                        items.writeEndObject();
                    }
                }));
    }

    /** {@code GET /v1/merchants/{id}} */
    ApiResponse get(ApiRequest call) {
        return show(store.find(idOf(call)).orElseThrow(() -> unknown().asException()));
    }

    private ApiResponse show(Merchant merchant) {
        return ApiResponse.json(200, g -> {
            g.writeStartObject();
            MerchantJson.members(g, merchant);
            MerchantJson.health(g, engine.health(merchant.id()));
            g.writeEndObject();
        });
    }

    /** {@code PATCH /v1/merchants/{id}} */
    ApiResponse change(ApiRequest call) {
        MerchantId id = idOf(call);
        MerchantRequestReader wish = MerchantRequestReader.read(call.body(), false, directory, urls);
        Merchant before = store.find(id).orElseThrow(() -> unknown().asException());
        Signing signing = wish.signing();
        // Another signing method needs another kind of key; the old key is dropped.
        SigningKeys.Generated key =
                signing == null || signing == before.receiver().keys().signing()
                        ? null
                        : signingKeys.generate(id, signing);
        Merchant after =
                update(id, m -> wish.applyTo(m, key == null ? m.receiver().keys() : key.alone()));
        audit.write(call.caller(), "merchant.change", id.toString());
        return key == null ? show(after) : withKey(200, after, key);
    }

    /** {@code POST /v1/merchants/{id}/pause} */
    ApiResponse pause(ApiRequest call) {
        return setPaused(call, true, "merchant.pause");
    }

    /** {@code POST /v1/merchants/{id}/resume} */
    ApiResponse resume(ApiRequest call) {
        return setPaused(call, false, "merchant.resume");
    }

    private ApiResponse setPaused(ApiRequest call, boolean paused, String action) {
        ResendResource.refuseFields(call);
        MerchantId id = idOf(call);
        Merchant after = update(id, m -> m.withPaused(paused));
        audit.write(call.caller(), action, id.toString());
        return show(after);
    }

    /** {@code POST /v1/merchants/{id}/rotate-secret} */
    ApiResponse rotateSecret(ApiRequest call) {
        MerchantId id = idOf(call);
        Duration overlap = overlap(call);
        Merchant before = store.find(id).orElseThrow(() -> unknown().asException());
        SigningKeys.Generated key =
                signingKeys.generate(id, before.receiver().keys().signing());
        Merchant after = update(id, m -> m.withReceiver(rotated(m.receiver(), key, overlap)));
        audit.write(call.caller(), "merchant.rotate_secret", id.toString(), g -> {
            g.writeStartObject();
            g.writeStringProperty("overlap", Durations.text(overlap));
            g.writeEndObject();
        });
        return withKey(200, after, key);
    }

    private Receiver rotated(Receiver receiver, SigningKeys.Generated key, Duration overlap) {
        if (receiver.keys().signing() != key.signing()) {
            throw Problem.conflict("The merchant's signing was changed at the same time.")
                    .asException();
        }
        long now = clock.millis();
        Receiver.Keys keys = key.after(receiver.keys(), now, now + overlap.toMillis());
        if (keys.earlier().size() + 1 > Receiver.Keys.VALID_MAX) {
            throw Problem.conflict("The merchant has " + Receiver.Keys.VALID_MAX
                            + " valid keys. Wait until one ends, or end all earlier ones with \"overlap\":\"0s\".")
                    .asException();
        }
        return receiver.withKeys(keys);
    }

    private static Duration overlap(ApiRequest call) {
        FieldErrors errors = new FieldErrors();
        FieldReader fields = FieldReader.ofOptionalBody(call.body(), errors);
        Duration overlap = fields.duration("overlap");
        if (overlap != null && overlap.compareTo(OVERLAP_MAX) > 0) {
            fields.wrong("overlap", "is longer than 720h");
        }
        fields.refuseOthers();
        errors.check();
        return overlap == null ? OVERLAP_DEFAULT : overlap;
    }

    private Merchant update(MerchantId id, UnaryOperator<Merchant> change) {
        Merchant after = store.update(id, change).orElseThrow(() -> unknown().asException());
        directory.keep(after);
        engine.merchantChanged(id);
        return after;
    }

    /** Writes a merchant with its new key. */
    private static ApiResponse withKey(int status, Merchant merchant, SigningKeys.Generated key) {
        return ApiResponse.json(status, g -> {
            g.writeStartObject();
            MerchantJson.members(g, merchant);
            if (key.signingSecret() != null) {
                g.writeStringProperty("signing_secret", key.signingSecret());
            }
            g.writeEndObject();
        });
    }

    static Problem unknown() {
        return Problem.notFound("Merchant not found.");
    }

    /** The merchant of the path; empty if the id is invalid or unknown. */
    static MerchantId idOf(ApiRequest call) {
        MerchantId id = parsed(call.variable("id"));
        if (id == null || !call.caller().sees(id)) {
            throw unknown().asException();
        }
        return id;
    }

    private static @Nullable MerchantId parsed(String text) {
        try {
            return MerchantId.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
