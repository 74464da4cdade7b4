package dev.rung.console;

import dev.rung.api.ApiDependencies;
import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Signing;
import dev.rung.core.port.MerchantStore;
import dev.rung.web.Caller;
import dev.rung.web.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One merchant: how it fares, its settings, its keys; and a new one. */
final class MerchantPage {
    /** The choice of a ladder that has no name. */
    private static final String OWN = "own";

    private final ApiDependencies parts;
    private final RecentStats pulse;
    private final ApiCaller changes;

    MerchantPage(ApiDependencies parts, RecentStats pulse, ApiCaller changes) {
        this.parts = parts;
        this.pulse = pulse;
        this.changes = changes;
    }

    /** A merchant's API key as it is shown. */
    public record KeyRow(String id, String hint, long createdAt) {}

    /**
     * What the form shows.
     *
     * @param ladder a name, or {@code own}
     * @param steps of one's own ladder; empty: none
     */
    public record Settings(
            String name,
            String notifyUrl,
            String ladder,
            String steps,
            String acknowledge,
            String signing,
            String maxInFlight) {

        static Settings of(Merchant m) {
            boolean own = m.ladder() instanceof LadderChoice.Inline;
            return new Settings(
                    m.name(),
                    m.notifyUrl() == null ? "" : m.notifyUrl(),
                    own ? OWN : LadderText.of(m.ladder()),
                    own ? LadderText.of(m.ladder()) : "",
                    m.acknowledge().text(),
                    m.keys().signing().text(),
                    Integer.toString(m.maxInFlight()));
        }

        static Settings of(Form form) {
            return new Settings(
                    form.shown("name"),
                    form.shown("notify_url"),
                    form.shown("ladder"),
                    form.shown("steps"),
                    form.shown("acknowledge"),
                    form.shown("signing"),
                    form.shown("max_in_flight"));
        }

        static Settings ofNew() {
            return new Settings(
                    "",
                    "",
                    Ladder.DEFAULT_NAME,
                    "",
                    Acknowledgement.STATUS_2XX.text(),
                    Signing.HMAC.text(),
                    Integer.toString(Merchant.MAX_IN_FLIGHT_DEFAULT));
        }
    }

    /** {@code GET /merchants/{id}} */
    PageResponse show(PageRequest visit) {
        Merchant merchant = find(visit);
        return page(200, merchant, Settings.of(merchant), Map.of());
    }

    private PageResponse page(int status, Merchant m, Settings settings, Map<String, String> errors) {
        Map<String, Object> model = new HashMap<>(form(settings, errors));
        model.putAll(health(m));
        model.put("keys", keys(m.id()));
        Long until = m.keys().previousUntil();
        model.put("rotating", until != null && until > parts.clock().millis() ? until : 0L);
        return new PageResponse.Html(status, "merchant", model);
    }

    /** What the form shows. */
    private Map<String, Object> form(Settings settings, Map<String, String> errors) {
        List<String> ladders = new ArrayList<>(Ladder.presets().keySet());
        ladders.addAll(parts.directory().saved().keySet());
        Map<String, Object> model = new HashMap<>();
        model.put("settings", settings);
        model.put("errors", errors);
        model.put("ladders", ladders);
        model.put("acknowledgements", Acknowledgement.values());
        model.put("signings", Signing.values());
        return model;
    }

    private Map<String, Object> health(Merchant m) {
        return Map.of(
                "m",
                m,
                "health",
                parts.engine().health(m.id()),
                "fared",
                pulse.fared(m.id(), parts.clock().millis()));
    }

    private List<KeyRow> keys(MerchantId id) {
        return parts.merchants().keys(id).stream()
                .map(key -> new KeyRow(Ids.text(Caller.KEY_PREFIX, key.id()), key.hint(), key.createdAt()))
                .toList();
    }

    /** {@code GET /merchants/{id}/health}: how it fares now. */
    PageResponse health(PageRequest visit) {
        return PageResponse.html("merchant :: health", health(find(visit)));
    }

    /** {@code GET /merchants/new} */
    PageResponse begin(PageRequest visit) {
        return PageResponse.html("merchant-new", form(Settings.ofNew(), Map.of()));
    }

    /** {@code POST /merchants/new} */
    PageResponse create(PageRequest visit) {
        Settings settings = Settings.of(visit.form());
        ApiCaller.Said said = changes.call(visit, "POST", "/v1/merchants", g -> {
            g.writeStartObject();
            write(g, settings);
            g.writeEndObject();
        });
        if (said.status() == 422) {
            return new PageResponse.Html(422, "merchant-new", form(settings, changes.errors(visit, said)));
        }
        return said.isGood() ? secrets(said, "secret.merchant") : changes.problem(visit, said);
    }

    /** {@code POST /merchants/{id}} */
    PageResponse change(PageRequest visit) {
        Merchant merchant = find(visit);
        Settings settings = Settings.of(visit.form());
        ApiCaller.Said said = changes.call(visit, "PATCH", "/v1/merchants/" + merchant.id(), g -> {
            g.writeStartObject();
            write(g, settings);
            g.writeEndObject();
        });
        if (said.status() == 422) {
            return page(422, merchant, settings, changes.errors(visit, said));
        }
        boolean anotherKey = said.isGood()
                && !settings.signing().equals(merchant.keys().signing().text());
        return anotherKey
                ? secrets(said, "secret.rotated")
                : changes.then(visit, said, "/merchants/" + merchant.id() + "?done=saved");
    }

    private static void write(tools.jackson.core.JsonGenerator g, Settings settings) {
        g.writeStringProperty("name", settings.name());
        g.writeStringProperty("notify_url", settings.notifyUrl().isEmpty() ? null : settings.notifyUrl());
        if (settings.ladder().equals(OWN)) {
            LadderText.json("ladder", settings.steps()).write(g);
        } else {
            g.writeStringProperty("ladder", settings.ladder());
        }
        g.writeStringProperty("acknowledge", settings.acknowledge());
        g.writeStringProperty("signing", settings.signing());
        g.writeName("max_in_flight");
        if (settings.maxInFlight().matches("\\d{1,9}")) {
            g.writeNumber(Integer.parseInt(settings.maxInFlight()));
        } else {
            g.writeString(settings.maxInFlight());
        }
    }

    /** {@code POST /merchants/{id}/pause}, {@code /resume} and {@code /test} */
    PageResponse act(PageRequest visit) {
        String act = visit.variable("act");
        String path = "/v1/merchants/" + find(visit).id();
        return switch (act) {
            case "pause" -> changes.post(visit, path + "/pause", back(visit) + "?done=paused");
            case "resume" -> changes.post(visit, path + "/resume", back(visit) + "?done=resumed");
            case "test" -> test(visit, path);
            default -> throw unknown(visit).asException();
        };
    }

    private PageResponse test(PageRequest visit, String path) {
        ApiCaller.Said said = changes.call(visit, "POST", path + "/test");
        return changes.then(visit, said, "/notifications/" + said.text("id") + "?done=tested");
    }

    /** {@code POST /merchants/{id}/rotate-secret} */
    PageResponse rotate(PageRequest visit) {
        ApiCaller.Said said =
                changes.call(visit, "POST", "/v1/merchants/" + find(visit).id() + "/rotate-secret", g -> {
                    g.writeStartObject();
                    g.writeStringProperty(
                            "overlap", visit.form().text("overlap").orElse("24h"));
                    g.writeEndObject();
                });
        return said.isGood() ? secrets(said, "secret.rotated") : changes.problem(visit, said);
    }

    /** {@code POST /merchants/{id}/keys} */
    PageResponse addKey(PageRequest visit) {
        ApiCaller.Said said =
                changes.call(visit, "POST", "/v1/merchants/" + find(visit).id() + "/keys");
        return said.isGood()
                ? PageResponse.html(
                        "secret",
                        Map.of(
                                "about",
                                "secret.key",
                                "secret",
                                said.text("key"),
                                "publicKey",
                                "",
                                "merchant",
                                said.text("merchant_id")))
                : changes.problem(visit, said);
    }

    /** {@code POST /merchants/{id}/keys/{key}/end} */
    PageResponse endKey(PageRequest visit) {
        String path = "/v1/merchants/" + find(visit).id() + "/keys/" + ApiCaller.step(visit.variable("key"));
        return changes.then(visit, changes.call(visit, "DELETE", path), back(visit) + "?done=key_ended");
    }

    /** What is shown this once. */
    private static PageResponse secrets(ApiCaller.Said said, String about) {
        return PageResponse.html(
                "secret",
                Map.of(
                        "about", about,
                        "secret", said.text("signing_secret"),
                        "publicKey", said.text("public_key"),
                        "merchant", said.text("id")));
    }

    private static String back(PageRequest visit) {
        return "/merchants/" + visit.variable("id");
    }

    private Merchant find(PageRequest visit) {
        MerchantStore store = parts.merchants();
        return Form.parsed(visit.variable("id"), MerchantId::parse)
                .filter(id -> !id.isReserved())
                .flatMap(store::find)
                .orElseThrow(() -> unknown(visit).asException());
    }

    private Problem unknown(PageRequest visit) {
        return Problem.notFound(changes.say(visit, "problem.no_merchant"));
    }
}
