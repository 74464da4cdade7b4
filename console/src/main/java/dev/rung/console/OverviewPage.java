package dev.rung.console;

import dev.rung.console.OverviewService.OverviewSnapshot;
import dev.rung.console.OverviewService.Point;
import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.NotificationCatalog.Rung;
import dev.rung.web.Caller;
import dev.rung.web.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;
import org.thymeleaf.context.Context;
import org.thymeleaf.spring6.SpringTemplateEngine;
import tools.jackson.core.JsonGenerator;

/** The overview page. Its live parts are rendered at most once a second for each language, however many consoles are open. */
@Lazy
@Controller
final class OverviewPage {
    private static final int LADDERS_MAX = 4;
    private static final List<String> PARTS = List.of("conditions", "tiles", "ladders", "failing");

    private final MerchantCache merchantCache;
    private final OverviewService overviewService;
    private final SpringTemplateEngine templates;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Language, RenderedParts> made = new EnumMap<>(Language.class);

    /** The live parts as rendered from one snapshot. */
    private record RenderedParts(OverviewSnapshot of, Map<String, String> parts) {}

    OverviewPage(MerchantCache merchantCache, OverviewService overviewService, SpringTemplateEngine templates) {
        this.merchantCache = merchantCache;
        this.overviewService = overviewService;
        this.templates = templates;
    }

    /**
     * A figure with its label.
     *
     * @param name message key of the label
     * @param subKey message key of the line below
     * @param sub the argument of that message; empty if it has none
     */
    public record Tile(String name, String value, String subKey, String sub, boolean alarm) {}

    @GetMapping("/")
    ModelAndView show(@AuthenticationPrincipal Caller caller, Language language) {
        if (caller.merchant() != null) {
            return Views.redirect("/merchants/" + caller.merchant());
        }
        return Views.page("overview", model(overviewService.snapshot(), PageFormat.of(language)));
    }

    private Map<String, Object> model(OverviewSnapshot snapshot, PageFormat format) {
        Map<String, Object> model = new HashMap<>();
        model.put("snapshot", snapshot);
        model.put("tiles", tiles(snapshot, format));
        model.put("ladders", ladders(snapshot.counts().waitingByRung()));
        model.put("failing", snapshot.failingMerchants());
        model.put("width", LadderPicture.WIDTH);
        return model;
    }

    private static List<Tile> tiles(OverviewSnapshot s, PageFormat format) {
        Double share = s.successShare();
        return List.of(
                new Tile(
                        "overview.backlog",
                        format.number(s.of(DeliveryState.WAITING)),
                        "overview.exhausted",
                        format.number(s.of(DeliveryState.EXHAUSTED)),
                        false),
                new Tile(
                        "overview.rate",
                        format.decimal(s.attemptsPerSecond()),
                        "overview.accepted",
                        format.decimal(s.acceptedPerSecond()),
                        false),
                new Tile(
                        "overview.success",
                        share == null ? "–" : format.percent(share),
                        "overview.five_minutes",
                        "",
                        share != null && share < 0.5),
                new Tile("overview.p50", lateness(s.p50(), format), "overview.five_minutes", "", false),
                new Tile("overview.p99", lateness(s.p99(), format), "overview.five_minutes", "", false),
                new Tile(
                        "overview.overdue",
                        s.oldestOverdueMillis() < 1_000 ? "–" : format.span(s.oldestOverdueMillis()),
                        "overview.in_flight",
                        format.number(s.inFlight()),
                        s.oldestOverdueMillis() > 15_000));
    }

    private static String lateness(@Nullable Double millis, PageFormat format) {
        return millis == null ? "–" : format.span(Math.round(millis));
    }

    /** The ladders with the most waiting notifications, and the default ladder. */
    private List<LadderPicture> ladders(Map<Rung, Long> waiting) {
        Map<String, Map<Integer, Long>> byName = new TreeMap<>();
        byName.put(Ladder.DEFAULT_NAME, new HashMap<>());
        waiting.forEach((rung, count) ->
                byName.computeIfAbsent(rung.ladder(), n -> new HashMap<>()).merge(rung.step(), count, Long::sum));
        List<LadderPicture> pictures = new ArrayList<>();
        byName.forEach((name, counts) -> {
            Ladder ladder = name.isEmpty() ? null : merchantCache.ladder(name);
            int highest =
                    counts.keySet().stream().mapToInt(step -> step + 1).max().orElse(1);
            int rungs = ladder == null ? highest : Math.max(highest, ladder.attemptsMax());
            Ladder known = ladder != null && ladder.attemptsMax() >= rungs ? ladder : null;
            pictures.add(LadderPicture.of(name, known, rungs, step -> counts.getOrDefault(step, 0L)));
        });
        pictures.sort(Comparator.comparingLong(LadderPicture::total).reversed());
        return pictures.subList(0, Math.min(LADDERS_MAX, pictures.size()));
    }

    /** The live parts of the page, by element id. */
    Map<String, String> parts(Language language) {
        OverviewSnapshot snapshot = overviewService.snapshot();
        lock.lock();
        try {
            RenderedParts last = made.get(language);
            if (last == null || last.of().at() != snapshot.at()) {
                PageFormat format = PageFormat.of(language);
                Map<String, Object> model = model(snapshot, format);
                model.put("f", format);
                Map<String, String> rendered = new LinkedHashMap<>();
                for (String part : PARTS) {
                    rendered.put(
                            part,
                            templates.process("overview-parts", Set.of(part), new Context(language.locale(), model)));
                }
                last = new RenderedParts(snapshot, rendered);
                made.put(language, last);
            }
            return last.parts();
        } finally {
            lock.unlock();
        }
    }

    long lastSlot() {
        return overviewService.lastSlot();
    }

    /** The data of the charts for the last hour, up to a slot inclusive, as JSON. */
    String history(long last) {
        List<Point> points = new ArrayList<>();
        for (long number = last - RecentStats.SLOTS + 2; number <= last; number++) {
            points.add(overviewService.point(number));
        }
        return json(g -> {
            COLUMNS.forEach((name, value) -> {
                g.writeArrayPropertyStart(name);
                points.forEach(p -> write(g, value.apply(p)));
                g.writeEndArray();
            });
        });
    }

    /** The data of one slot for the charts, as JSON. */
    String point(long number) {
        Point point = overviewService.point(number);
        return json(g -> COLUMNS.forEach((name, value) -> {
            g.writeName(name);
            write(g, value.apply(point));
        }));
    }

    private static final Map<String, Function<Point, @Nullable Double>> COLUMNS = columns();

    private static Map<String, Function<Point, @Nullable Double>> columns() {
        Map<String, Function<Point, @Nullable Double>> columns = new LinkedHashMap<>();
        columns.put("t", p -> p.at() / 1e3);
        columns.put("accepted", Point::acceptedPerSecond);
        for (Outcome outcome : Outcome.values()) {
            columns.put(outcome.text(), p -> p.perSecond().get(outcome));
        }
        columns.put("p50", Point::p50);
        columns.put("p99", Point::p99);
        columns.put("backlog", p -> p.backlog() == null ? null : p.backlog().doubleValue());
        return columns;
    }

    private static void write(JsonGenerator g, @Nullable Double value) {
        if (value == null) {
            g.writeNull();
        } else if (value == Math.rint(value)) {
            g.writeNumber(value.longValue());
        } else {
            g.writeNumber(value);
        }
    }

    private static String json(JsonWriter.Content members) {
        byte[] text = JsonWriter.write(g -> {
            g.writeStartObject();
            members.write(g);
            g.writeEndObject();
        });
        return new String(text, StandardCharsets.UTF_8);
    }
}
