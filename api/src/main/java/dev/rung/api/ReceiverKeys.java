package dev.rung.api;

import dev.rung.core.model.Durations;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Signing;
import dev.rung.crypto.SigningDialects;
import dev.rung.crypto.SigningKeys;
import dev.rung.web.FieldReader;
import dev.rung.web.Problem;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Generates, imports and rotates the signing keys of receivers. Thread-safe. */
final class ReceiverKeys {
    private static final Duration OVERLAP_DEFAULT = Duration.ofHours(24);
    private static final Duration OVERLAP_MAX = Duration.ofDays(30);

    private final SigningKeys keys;
    private final SigningDialects dialects;
    private final InstantSource clock;

    ReceiverKeys(SigningKeys keys, SigningDialects dialects, InstantSource clock) {
        this.keys = keys;
        this.dialects = dialects;
        this.clock = clock;
    }

    /** The dialects that a receiver can have. */
    SigningDialects dialects() {
        return dialects;
    }

    /** Seals the other secrets of receivers. */
    SigningKeys sealing() {
        return keys;
    }

    /**
     * A new key.
     *
     * @param imported a key that the receiver has already; null: one is generated
     * @throws dev.rung.web.ProblemException 422
     */
    SigningKeys.Generated key(ReceiverId id, Signing signing, @Nullable String imported) {
        if (imported == null) {
            return keys.generate(id, signing);
        }
        try {
            return keys.read(id, signing, imported);
        } catch (IllegalArgumentException e) {
            String field = signing.equals(Signing.RSA2_FORM) ? "private_key" : "signing_secret";
            throw Problem.invalid(field, "invalid_key", String.valueOf(e.getMessage()))
                    .asException();
        }
    }

    /**
     * The key that a change makes necessary: another signing method needs another kind of key, and the old key is dropped. Null if the key stays.
     *
     * @throws dev.rung.web.ProblemException 422
     */
    SigningKeys.@Nullable Generated replacement(ReceiverId id, Receiver before, ReceiverRequestReader wish) {
        Signing signing = wish.signing();
        if (signing != null && !signing.equals(before.keys().signing())) {
            return key(id, signing, wish.importedKey());
        }
        if (wish.importedKey() != null) {
            throw Problem.invalid(
                            "signing_secret", "not_for_signing", "of the same signing is changed by rotate-secret")
                    .asException();
        }
        return null;
    }

    /**
     * The receiver after a rotation.
     *
     * @throws dev.rung.web.ProblemException 409
     */
    Receiver rotated(Receiver receiver, SigningKeys.Generated key, Duration overlap) {
        if (!receiver.keys().signing().equals(key.signing())) {
            throw Problem.conflict("signing_changed", "The signing was changed at the same time.")
                    .asException();
        }
        long now = clock.millis();
        Receiver.Keys rotated = key.after(receiver.keys(), now, now + overlap.toMillis());
        if (rotated.earlier().size() + 1 > Receiver.Keys.VALID_MAX) {
            throw Problem.conflict(
                            "too_many_valid_keys",
                            Receiver.Keys.VALID_MAX
                                    + " keys are valid. Wait until one ends, or end all earlier ones with \"overlap\":\"0s\".",
                            Receiver.Keys.VALID_MAX)
                    .asException();
        }
        return receiver.withKeys(rotated);
    }

    /** Reads how long the earlier key signs too, the last member of a request. */
    static Duration overlap(FieldReader fields) {
        Duration overlap = fields.duration("overlap");
        if (overlap != null && overlap.compareTo(OVERLAP_MAX) > 0) {
            fields.wrong("overlap", "out_of_range", "is longer than 720h", "0s", "720h");
        }
        fields.finish();
        return overlap == null ? OVERLAP_DEFAULT : overlap;
    }

    /** Details of a rotation for the audit log. */
    static void audit(JsonGenerator g, Duration overlap) {
        g.writeStartObject();
        g.writeStringProperty("overlap", Durations.text(overlap));
        g.writeEndObject();
    }
}
