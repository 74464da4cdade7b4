package dev.rung.api;

import dev.rung.core.model.Ladder;
import dev.rung.core.port.MerchantStore;
import dev.rung.web.ApiRequest;
import dev.rung.web.ApiResponse;
import dev.rung.web.FieldErrors;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** Lists ladders, presets and saved ones, and saves ladders. */
final class LaddersResource {
    private final MerchantStore store;
    private final MerchantCache directory;
    private final AuditRecorder audit;
    private final Consumer<Ladder> onSaved;

    LaddersResource(ApiDependencies parts) {
        this.store = parts.merchants();
        this.directory = parts.directory();
        this.audit = parts.audit();
        this.onSaved = parts.onLadderSaved();
    }

    /** {@code GET /v1/ladders} */
    ApiResponse list(ApiRequest call) {
        FieldErrors errors = new FieldErrors();
        call.query(errors).refuseOthers();
        errors.check();
        Map<String, Ladder> saved = store.ladders();
        return ApiResponse.json(
                200,
                g -> JsonWriter.page(g, null, items -> {
                    Ladder.presets().forEach((name, ladder) -> write(items, name, ladder, true));
                    saved.forEach((name, ladder) -> write(items, name, ladder, false));
                }));
    }

    /** {@code PUT /v1/ladders/{name}} */
    ApiResponse put(ApiRequest call) {
        String name = call.variable("name");
        FieldErrors errors = new FieldErrors();
        FieldReader fields = FieldReader.ofBody(call.body(), errors);
        checkName(name, errors);
        fields.require("steps");
        List<Json> items = fields.list("steps");
        Ladder ladder = items == null ? null : LadderFields.steps(fields, "steps", items);
        fields.refuseOthers();
        errors.check();
        if (Ladder.presets().containsKey(name)) {
            throw Problem.conflict("\"" + name + "\" is a preset and cannot be changed. Use another name.")
                    .asException();
        }
        if (ladder == null) {
            throw new IllegalStateException("a missing field was not reported");
        }
        store.putLadder(name, ladder);
        directory.keep(name, ladder);
        onSaved.accept(ladder);
        audit.write(call.caller(), "ladder.save", name, g -> {
            g.writeStartObject();
            LadderFields.write(g, "steps", ladder);
            g.writeEndObject();
        });
        return ApiResponse.json(200, g -> write(g, name, ladder, false));
    }

    private static void checkName(String name, FieldErrors errors) {
        try {
            FieldValidators.ladderName(name);
        } catch (IllegalArgumentException e) {
            errors.add("name", String.valueOf(e.getMessage()));
        }
    }

    private static void write(JsonGenerator g, String name, Ladder ladder, boolean preset) {
        g.writeStartObject();
        g.writeStringProperty("name", name);
        LadderFields.write(g, "steps", ladder);
        g.writeBooleanProperty("preset", preset);
        g.writeEndObject();
    }
}
