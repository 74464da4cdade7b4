package dev.rung.api;

import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.Durations;
import dev.rung.core.model.InvalidValueException;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.LadderChoice;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Reads and writes ladders: a name, or a list of steps such as {@code ["1s","2s"]}. */
final class LadderFields {
    private LadderFields() {}

    /** Reads the member {@code ladder}; null if it is absent or wrong. */
    static @Nullable LadderChoice read(FieldReader fields, MerchantCache merchantCache) {
        return switch (fields.value("ladder")) {
            case null -> null;
            case Json.Text text -> named(fields, text.value(), merchantCache);
            case Json.Arr array -> inline(fields, array.items());
            case Json other -> {
                fields.wrong(
                        "ladder",
                        "wrong_type",
                        "is " + other.kind() + ", not the name of a ladder or a list of steps",
                        "the name of a ladder or a list of steps",
                        other.kind());
                yield null;
            }
        };
    }

    private static @Nullable LadderChoice named(FieldReader fields, String name, MerchantCache merchantCache) {
        if (merchantCache.ladder(name) == null) {
            fields.wrong("ladder", "unknown_ladder", "is not the name of a ladder");
            return null;
        }
        return new LadderChoice.Named(name);
    }

    private static @Nullable LadderChoice inline(FieldReader fields, List<Json> items) {
        Ladder ladder = steps(fields, "ladder", items);
        return ladder == null ? null : new LadderChoice.Inline(ladder);
    }

    /** Parses the steps of a ladder; null if they are invalid. */
    static @Nullable Ladder steps(FieldReader fields, String name, List<Json> items) {
        if (items.isEmpty() || items.size() > Ladder.STEPS_MAX) {
            fields.wrong(name, "wrong_count", "does not have 1 to " + Ladder.STEPS_MAX + " steps", Ladder.STEPS_MAX);
            return null;
        }
        List<Duration> steps = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            Duration step = step(fields, name + "[" + i + "]", items.get(i));
            if (step != null) {
                steps.add(step);
            }
        }
        return steps.size() == items.size() ? new Ladder(steps) : null;
    }

    private static @Nullable Duration step(FieldReader fields, String name, Json item) {
        if (!(item instanceof Json.Text text)) {
            fields.wrong(
                    name,
                    "wrong_type",
                    "is " + item.kind() + ", not a duration such as \"30s\"",
                    "a duration such as \"30s\"",
                    item.kind());
            return null;
        }
        try {
            Duration step = Durations.parse(text.value());
            if (step.compareTo(Ladder.STEP_MIN) >= 0 && step.compareTo(Ladder.STEP_MAX) <= 0) {
                return step;
            }
            fields.wrong(name, "out_of_range", "is not between 1s and 24h", "1s", "24h");
        } catch (InvalidValueException e) {
            fields.wrong(name, e);
        }
        return null;
    }

    /** The current steps of a choice. */
    static Ladder steps(LadderChoice choice, MerchantCache merchantCache) {
        return switch (choice) {
            case LadderChoice.Inline inline -> inline.ladder();
            case LadderChoice.Named named -> {
                Ladder ladder = merchantCache.ladder(named.name());
                if (ladder == null) {
                    throw new IllegalStateException("the saved ladder " + named.name() + " does not exist");
                }
                yield ladder;
            }
        };
    }

    static void write(JsonGenerator g, String member, LadderChoice choice) {
        switch (choice) {
            case LadderChoice.Named named -> g.writeStringProperty(member, named.name());
            case LadderChoice.Inline inline -> write(g, member, inline.ladder());
        }
    }

    static void write(JsonGenerator g, String member, Ladder ladder) {
        g.writeArrayPropertyStart(member);
        for (Duration step : ladder.steps()) {
            g.writeString(Durations.text(step));
        }
        g.writeEndArray();
    }
}
