package dev.rung.api;

import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.Endpoint;
import dev.rung.core.model.EndpointId;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Signing;
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

/** Creates, reads, updates, pauses, resumes and deletes endpoints, and rotates their signing keys. Used by the API and the console. Thread-safe. */
public final class EndpointService {
    private static final int OTHER_IDS_MAX = 3;
    private static final List<String> OPERATORS_MEMBERS = List.of("max_in_flight", "rate", "ladder", "timeout");

    private final MerchantService merchants;
    private final MerchantCache merchantCache;
    private final UrlCheck urls;
    private final ReceiverKeys keys;
    private final WaitingCancellation cancellation;
    private final AuditRecorder audit;
    private final Ids ids;
    private final InstantSource clock;

    EndpointService(
            MerchantService merchants,
            MerchantCache merchantCache,
            UrlCheck urls,
            ReceiverKeys keys,
            WaitingCancellation cancellation,
            AuditRecorder audit,
            Ids ids,
            InstantSource clock) {
        this.merchants = merchants;
        this.merchantCache = merchantCache;
        this.urls = urls;
        this.keys = keys;
        this.cancellation = cancellation;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * An endpoint after a change.
     *
     * @param newKey to be shown this once; null if the signing key is unchanged
     */
    public record Changed(ReceiverId id, Endpoint endpoint, SigningKeys.@Nullable Generated newKey) {}

    /**
     * Adds an endpoint.
     *
     * @throws dev.rung.web.ProblemException 404, 409 or 422
     */
    public Changed create(Caller caller, MerchantId merchant, FieldReader fields) {
        merchants.find(caller, merchant);
        checkMembers(caller, fields);
        ReceiverRequestReader wish =
                ReceiverRequestReader.ofEndpoint(fields, true, merchantCache, urls, keys.dialects());
        for (int tries = 0; ; tries++) {
            EndpointId endpoint = new EndpointId(ids.next(merchant));
            ReceiverId id = new ReceiverId(merchant, endpoint);
            SigningKeys.Generated key =
                    keys.key(id, Objects.requireNonNullElse(wish.signing(), Signing.HMAC), wish.importedKey());
            Endpoint added = new Endpoint(
                    endpoint,
                    Objects.requireNonNull(wish.name()),
                    Objects.requireNonNullElse(wish.events(), List.of(Endpoint.ALL_EVENTS)),
                    wish.applyTo(Receiver.of(null, key.alone()), id, keys.sealing()),
                    clock.millis());
            try {
                merchants.update(merchant, m -> withAdded(m, added));
            } catch (StoreException e) {
                if (e.isIdTaken() && tries < OTHER_IDS_MAX) {
                    ids.redraw();
                    continue;
                }
                throw e;
            }
            audit.write(caller, "endpoint.create", endpoint.toString());
            return new Changed(id, added, key);
        }
    }

    private static Merchant withAdded(Merchant m, Endpoint added) {
        if (m.endpoints().size() >= Endpoint.MAX) {
            throw Problem.conflict(
                            "too_many_endpoints", "The merchant has " + Endpoint.MAX + " endpoints.", Endpoint.MAX)
                    .asException();
        }
        return m.withEndpoint(added);
    }

    /**
     * The endpoints of a merchant, oldest first.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    public List<Endpoint> list(Caller caller, MerchantId merchant) {
        return merchants.find(caller, merchant).endpoints();
    }

    /**
     * The endpoint.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    public Endpoint find(Caller caller, ReceiverId id) {
        return endpoint(merchants.find(caller, id.merchant()), id);
    }

    /**
     * Changes the given members. Another URL applies to what waits, too.
     *
     * @throws dev.rung.web.ProblemException 404 or 422
     */
    public Changed change(Caller caller, ReceiverId id, FieldReader fields) {
        Receiver before = find(caller, id).receiver();
        checkMembers(caller, fields);
        ReceiverRequestReader wish =
                ReceiverRequestReader.ofEndpoint(fields, false, merchantCache, urls, keys.dialects());
        SigningKeys.Generated key = keys.replacement(id, before, wish);
        Endpoint after = update(
                caller, id, e -> wish.applyTo(e, id, key == null ? e.receiver().keys() : key.alone(), keys.sealing()));
        audit.write(caller, "endpoint.change", id.toString());
        return new Changed(id, after, key);
    }

    /**
     * Pauses or resumes.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    public Endpoint setPaused(Caller caller, ReceiverId id, boolean paused) {
        Endpoint after = update(caller, id, e -> e.withReceiver(e.receiver().withPaused(paused)));
        audit.write(caller, paused ? "endpoint.pause" : "endpoint.resume", id.toString());
        return after;
    }

    /**
     * Replaces the signing key.
     *
     * @throws dev.rung.web.ProblemException 404, 409 or 422
     */
    public Changed rotateSecret(Caller caller, ReceiverId id, FieldReader fields) {
        Signing signing = find(caller, id).receiver().keys().signing();
        String imported = ReceiverRequestReader.importedKey(fields, signing);
        Duration overlap = ReceiverKeys.overlap(fields);
        SigningKeys.Generated key = keys.key(id, signing, imported);
        Endpoint after = update(caller, id, e -> e.withReceiver(keys.rotated(e.receiver(), key, overlap)));
        audit.write(caller, "endpoint.rotate_secret", id.toString(), g -> ReceiverKeys.audit(g, overlap));
        return new Changed(id, after, key);
    }

    /**
     * Deletes the endpoint and cancels its waiting notifications.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    public void delete(Caller caller, ReceiverId id) {
        // No longer paused, so that nothing stays parked that is cancelled when it is due.
        update(caller, id, e -> e.withReceiver(e.receiver().withPaused(false)));
        EndpointId endpoint = endpointId(id);
        merchants.update(id.merchant(), m -> m.withoutEndpoint(endpoint));
        audit.write(caller, "endpoint.delete", id.toString());
        cancellation.cancel(id.merchant(), endpoint);
    }

    /** Some members are the operator's to change. */
    private static void checkMembers(Caller caller, FieldReader fields) {
        if (caller.merchant() != null) {
            for (String member : OPERATORS_MEMBERS) {
                if (fields.has(member)) {
                    throw Problem.forbidden("operators_member", member + " can be changed by operators only.")
                            .asException();
                }
            }
        }
    }

    private Endpoint update(Caller caller, ReceiverId id, UnaryOperator<Endpoint> change) {
        merchants.find(caller, id.merchant());
        return endpoint(merchants.update(id.merchant(), m -> m.withEndpoint(change.apply(endpoint(m, id)))), id);
    }

    private static Endpoint endpoint(Merchant merchant, ReceiverId id) {
        return merchant.endpoint(endpointId(id)).orElseThrow(() -> unknown().asException());
    }

    private static EndpointId endpointId(ReceiverId id) {
        return Objects.requireNonNull(id.endpoint(), "an endpoint");
    }

    static Problem unknown() {
        return Problem.notFound("endpoint_not_found", "Endpoint not found.");
    }
}
