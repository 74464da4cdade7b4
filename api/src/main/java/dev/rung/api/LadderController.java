package dev.rung.api;

import dev.rung.core.model.Ladder;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.QueryParameters;
import java.util.Map;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;

/** Ladders: presets and saved ones. */
@RestController
@RequestMapping("/v1/ladders")
final class LadderController {
    private final LadderService ladders;

    LadderController(LadderService ladders) {
        this.ladders = ladders;
    }

    @GetMapping
    JsonWriter.Content list(QueryParameters query) {
        query.finish();
        Map<String, Ladder> saved = ladders.saved();
        return g -> JsonWriter.page(g, null, items -> {
            Ladder.presets().forEach((name, ladder) -> write(items, name, ladder, true));
            saved.forEach((name, ladder) -> write(items, name, ladder, false));
        });
    }

    @PutMapping("/{name}")
    JsonWriter.Content put(@AuthenticationPrincipal Caller caller, @PathVariable String name, FieldReader fields) {
        Ladder ladder = ladders.save(caller, name, fields);
        return g -> write(g, name, ladder, false);
    }

    private static void write(JsonGenerator g, String name, Ladder ladder, boolean preset) {
        g.writeStartObject();
        g.writeStringProperty("name", name);
        LadderFields.write(g, "steps", ladder);
        g.writeBooleanProperty("preset", preset);
        g.writeEndObject();
    }
}
