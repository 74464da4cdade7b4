package dev.rung.console;

import dev.rung.core.flow.Engine;
import dev.rung.core.flow.ReceiverHealth;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.port.MerchantStore;
import dev.rung.web.Problem;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/** The list of merchants with their health. */
@Lazy
@Controller
@RequestMapping("/merchants")
final class MerchantsPage {
    private static final int LIMIT = 50;
    private static final int NAMES = 20;

    private final MerchantStore store;
    private final Engine engine;
    private final RecentStats recentStats;
    private final MerchantNames names;
    private final InstantSource clock;

    MerchantsPage(
            MerchantStore store, Engine engine, RecentStats recentStats, MerchantNames names, InstantSource clock) {
        this.store = store;
        this.engine = engine;
        this.recentStats = recentStats;
        this.names = names;
        this.clock = clock;
    }

    /** A merchant in the list. */
    public record Row(
            MerchantId id,
            String name,
            String url,
            String ladder,
            boolean paused,
            ReceiverHealth health,
            RecentStats.MerchantStats stats) {}

    @GetMapping
    ModelAndView show(Form query, Htmx htmx) {
        String wanted = query.shown("q");
        MerchantId before = before(query);
        List<Merchant> found = wanted.isEmpty()
                ? store.list(before, LIMIT)
                : byId(wanted).map(List::of).orElseGet(() -> names.containing(wanted, LIMIT));
        boolean more = wanted.isEmpty() && found.size() == LIMIT;
        Map<String, Object> model = new HashMap<>();
        model.put("q", wanted);
        model.put("merchants", found.stream().map(this::row).toList());
        model.put("next", more ? found.getLast().id().toString() : "");
        model.put("first", before == null);
        return Views.page(htmx.wantsPart() ? "merchants :: results" : "merchants", model);
    }

    private Optional<Merchant> byId(String text) {
        return Form.parsed(text, MerchantId::parse).flatMap(store::find);
    }

    private static @Nullable MerchantId before(Form query) {
        try {
            return query.text("before").map(MerchantId::parse).orElse(null);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("before", "invalid_cursor", "is not a position in this list")
                    .asException();
        }
    }

    private Row row(Merchant m) {
        return new Row(
                m.id(),
                m.name(),
                m.receiver().url() == null ? "" : m.receiver().url(),
                LadderText.of(m.receiver().ladder()),
                m.receiver().paused(),
                engine.health(ReceiverId.own(m.id())),
                recentStats.merchant(m.id(), clock.millis()));
    }

    /** Suggestions for a merchant field. */
    @GetMapping("/names")
    ModelAndView names(Form query) {
        return Views.page("merchants :: names", Map.of("merchants", names.containing(query.shown("merchant"), NAMES)));
    }
}
