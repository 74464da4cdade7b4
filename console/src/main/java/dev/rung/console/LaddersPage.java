package dev.rung.console;

import dev.rung.api.LadderService;
import dev.rung.core.model.Ladder;
import dev.rung.core.port.NotificationCatalog.Rung;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/** The page of all ladders, with a form to add and change custom ones. */
@Lazy
@Controller
@RequestMapping("/ladders")
final class LaddersPage {
    private final LadderService service;
    private final OverviewService overviewService;
    private final ProblemMessages problems;

    LaddersPage(LadderService service, OverviewService overviewService, ProblemMessages problems) {
        this.service = service;
        this.overviewService = overviewService;
        this.problems = problems;
    }

    /**
     * A ladder on the page.
     *
     * @param lasts the sum of all waits
     */
    public record Shown(LadderPicture picture, boolean preset, int attempts, Duration lasts) {}

    @GetMapping
    ModelAndView show() {
        return page(200, "", "", Map.of());
    }

    private ModelAndView page(int status, String name, String steps, Map<String, String> errors) {
        List<Shown> shown = new ArrayList<>();
        service.saved().forEach((n, ladder) -> shown.add(shown(n, ladder, false)));
        Ladder.presets().forEach((n, ladder) -> shown.add(shown(n, ladder, true)));
        Map<String, Object> model = new HashMap<>();
        model.put("ladders", shown);
        model.put("name", name);
        model.put("steps", steps);
        model.put("errors", errors);
        model.put("width", LadderPicture.WIDTH);
        return Views.page(status, "ladders", model);
    }

    private Shown shown(String name, Ladder ladder, boolean preset) {
        Map<Rung, Long> waiting = overviewService.snapshot().counts().waitingByRung();
        LadderPicture picture = LadderPicture.of(
                name, ladder, ladder.attemptsMax(), step -> waiting.getOrDefault(new Rung(name, step), 0L));
        Duration lasts = ladder.steps().stream().reduce(Duration.ZERO, Duration::plus);
        return new Shown(picture, preset, ladder.attemptsMax(), lasts);
    }

    @PostMapping
    ModelAndView save(@AuthenticationPrincipal Caller caller, Form form, Language language) {
        String name = form.shown("name");
        String steps = form.shown("steps");
        try {
            service.save(caller, name, FieldReader.of(Map.of("steps", LadderText.json(steps))));
        } catch (ProblemException e) {
            return switch (e.problem().status()) {
                case 422 -> page(422, name, steps, problems.errors(language, e.problem()));
                case 409 -> // a preset's name
                    page(422, name, steps, Map.of("name", problems.detail(language, e.problem())));
                default -> throw e;
            };
        }
        return Views.redirect("/ladders?done=ladder_saved");
    }
}
