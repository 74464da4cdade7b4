package dev.rung.console;

import dev.rung.core.model.Ladder;
import dev.rung.core.port.NotificationCatalog.Rung;
import dev.rung.web.FieldReader;
import dev.rung.web.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The page of all ladders, with a form to add and change custom ones. */
final class LaddersPage {
    private final ConsoleDependencies parts;
    private final ProblemMessages problems;

    LaddersPage(ConsoleDependencies parts, ProblemMessages problems) {
        this.parts = parts;
        this.problems = problems;
    }

    /**
     * A ladder on the page.
     *
     * @param lasts the sum of all waits
     */
    public record Shown(LadderPicture picture, boolean preset, int attempts, Duration lasts) {}

    /** {@code GET /ladders} */
    PageResponse show(PageRequest visit) {
        return page(200, "", "", Map.of());
    }

    private PageResponse page(int status, String name, String steps, Map<String, String> errors) {
        List<Shown> shown = new ArrayList<>();
        parts.merchants().ladders().forEach((n, ladder) -> shown.add(shown(n, ladder, false)));
        Ladder.presets().forEach((n, ladder) -> shown.add(shown(n, ladder, true)));
        Map<String, Object> model = new HashMap<>();
        model.put("ladders", shown);
        model.put("name", name);
        model.put("steps", steps);
        model.put("errors", errors);
        model.put("width", LadderPicture.WIDTH);
        return new PageResponse.Html(status, "ladders", model);
    }

    private Shown shown(String name, Ladder ladder, boolean preset) {
        Map<Rung, Long> waiting = parts.overviewService().snapshot().counts().waitingByRung();
        LadderPicture picture = LadderPicture.of(
                name, ladder, ladder.attemptsMax(), step -> waiting.getOrDefault(new Rung(name, step), 0L));
        Duration lasts = ladder.steps().stream().reduce(Duration.ZERO, Duration::plus);
        return new Shown(picture, preset, ladder.attemptsMax(), lasts);
    }

    /** {@code POST /ladders} */
    PageResponse save(PageRequest visit) {
        String name = visit.form().shown("name");
        String steps = visit.form().shown("steps");
        try {
            parts.ladders().save(visit.caller(), name, FieldReader.of(Map.of("steps", LadderText.json(steps))));
        } catch (ProblemException e) {
            return switch (e.problem().status()) {
                case 422 -> page(422, name, steps, problems.errors(visit.language(), e.problem()));
                case 409 -> // a preset's name
                    page(422, name, steps, Map.of("name", problems.detail(visit.language(), e.problem())));
                default -> throw e;
            };
        }
        return new PageResponse.Redirect("/ladders?done=ladder_saved");
    }
}
