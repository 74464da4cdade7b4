package dev.rung.console;

import dev.rung.core.flow.MerchantHealth;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.web.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The list of merchants with their health. */
final class MerchantsPage {
    private static final int LIMIT = 50;
    private static final int NAMES = 20;

    private final ConsoleDependencies parts;
    private final RecentStats recentStats;
    private final MerchantNames names;

    MerchantsPage(ConsoleDependencies parts, RecentStats recentStats, MerchantNames names) {
        this.parts = parts;
        this.recentStats = recentStats;
        this.names = names;
    }

    /** A merchant in the list. */
    public record Row(
            MerchantId id,
            String name,
            String url,
            String ladder,
            boolean paused,
            MerchantHealth health,
            RecentStats.MerchantStats stats) {}

    /** {@code GET /merchants} */
    PageResponse show(PageRequest visit) {
        String wanted = visit.query().shown("q");
        MerchantId before = before(visit);
        List<Merchant> found = wanted.isEmpty()
                ? parts.merchants().list(before, LIMIT)
                : byId(wanted).map(List::of).orElseGet(() -> names.containing(wanted, LIMIT));
        boolean more = wanted.isEmpty() && found.size() == LIMIT;
        Map<String, Object> model = new HashMap<>();
        model.put("q", wanted);
        model.put("merchants", found.stream().map(this::row).toList());
        model.put("next", more ? found.getLast().id().toString() : "");
        model.put("first", before == null);
        return PageResponse.html(visit.wantsPart() ? "merchants :: results" : "merchants", model);
    }

    private Optional<Merchant> byId(String text) {
        return Form.parsed(text, MerchantId::parse).flatMap(parts.merchants()::find);
    }

    private static @Nullable MerchantId before(PageRequest visit) {
        try {
            return visit.query().text("before").map(MerchantId::parse).orElse(null);
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
                parts.engine().health(m.id()),
                recentStats.merchant(m.id(), parts.clock().millis()));
    }

    /** {@code GET /merchants/names}: suggestions for a merchant field. */
    PageResponse names(PageRequest visit) {
        return PageResponse.html(
                "merchants :: names",
                Map.of("merchants", names.containing(visit.query().shown("merchant"), NAMES)));
    }
}
