package dev.rung.api;

import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.InvalidValueException;
import dev.rung.core.model.Ladder;
import dev.rung.core.port.MerchantStore;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.Problem;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Lists and saves ladders. Used by the API and the console. Thread-safe. */
public final class LadderService {
    private final MerchantStore store;
    private final MerchantCache merchantCache;
    private final AuditRecorder audit;
    private final Consumer<Ladder> onSaved;

    /**
     * @param onSaved called for each saved ladder
     */
    public LadderService(
            MerchantStore store, MerchantCache merchantCache, AuditRecorder audit, Consumer<Ladder> onSaved) {
        this.store = store;
        this.merchantCache = merchantCache;
        this.audit = audit;
        this.onSaved = onSaved;
    }

    /** The saved ladders by name. */
    public Map<String, Ladder> saved() {
        return store.ladders();
    }

    /**
     * Saves a ladder.
     *
     * @throws dev.rung.web.ProblemException 409 or 422
     */
    public Ladder save(Caller caller, String name, FieldReader fields) {
        try {
            FieldValidators.ladderName(name);
        } catch (InvalidValueException e) {
            fields.wrongOutside("name", e);
        }
        fields.require("steps");
        List<Json> items = fields.list("steps");
        Ladder ladder = items == null ? null : LadderFields.steps(fields, "steps", items);
        fields.finish();
        if (Ladder.presets().containsKey(name)) {
            throw Problem.conflict(
                            "preset_ladder",
                            "\"" + name + "\" is a preset and cannot be changed. Use another name.",
                            name)
                    .asException();
        }
        if (ladder == null) {
            throw new IllegalStateException("a missing field was not reported");
        }
        store.putLadder(name, ladder);
        merchantCache.update(name, ladder);
        onSaved.accept(ladder);
        audit.write(caller, "ladder.save", name, g -> {
            g.writeStartObject();
            LadderFields.write(g, "steps", ladder);
            g.writeEndObject();
        });
        return ladder;
    }
}
