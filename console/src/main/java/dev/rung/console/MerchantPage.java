package dev.rung.console;

import dev.rung.api.ApiDependencies;
import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.Signing;
import dev.rung.core.port.MerchantStore;
import dev.rung.web.Caller;
import dev.rung.web.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The page of a merchant: health, settings and keys; and the form for a new merchant. */
final class MerchantPage {
    /** The form's value for a custom ladder. */
    private static final String OWN = "own";

    private final ApiDependencies parts;
    private final RecentStats recentStats;
    private final ApiCaller changes;

    MerchantPage(ApiDependencies parts, RecentStats recentStats, ApiCaller changes) {
        this.parts = parts;
        this.recentStats = recentStats;
        this.changes = changes;
    }

    /** An API key in the list. */
    public record KeyRow(String id, String hint, long createdAt) {}

    /**
     * The values of the form.
     *
     * @param ladder a name, or {@code own}
     * @param steps of a custom ladder; empty if a named one is chosen
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
            Receiver receiver = m.receiver();
            boolean own = receiver.ladder() instanceof LadderChoice.Inline;
            return new Settings(
                    m.name(),
                    receiver.url() == null ? "" : receiver.url(),
                    own ? OWN : LadderText.of(receiver.ladder()),
                    own ? LadderText.of(receiver.ladder()) : "",
                    receiver.acknowledge().text(),
                    receiver.keys().signing().text(),
                    Integer.toString(receiver.maxInFlight()));
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
                    Integer.toString(Receiver.MAX_IN_FLIGHT_DEFAULT));
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
        Long until = m.receiver().keys().earlierUntil();
        model.put("rotating", until != null && until > parts.clock().millis() ? until : 0L);
        return new PageResponse.Html(status, "merchant", model);
    }

    /** The model of the form. */
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
                "stats",
                recentStats.merchant(m.id(), parts.clock().millis()));
    }

    private List<KeyRow> keys(MerchantId id) {
        return parts.merchants().keys(id).stream()
                .map(key -> new KeyRow(Ids.text(Caller.KEY_PREFIX, key.id()), key.hint(), key.createdAt()))
                .toList();
    }

    /** {@code GET /merchants/{id}/health}: the live part of the page. */
    PageResponse health(PageRequest visit) {
        return PageResponse.html("merchant :: health", health(find(visit)));
    }

    /** {@code GET /merchants/new} */
    PageResponse newForm(PageRequest visit) {
        return PageResponse.html("merchant-new", form(Settings.ofNew(), Map.of()));
    }

    /** {@code POST /merchants/new} */
    PageResponse create(PageRequest visit) {
        Settings settings = Settings.of(visit.form());
        ApiCaller.Result result = changes.call(visit, "POST", "/v1/merchants", g -> {
            g.writeStartObject();
            write(g, settings);
            g.writeEndObject();
        });
        if (result.status() == 422) {
            return new PageResponse.Html(422, "merchant-new", form(settings, changes.errors(visit, result)));
        }
        return result.isGood() ? secrets(result, "secret.merchant") : changes.problem(visit, result);
    }

    /** {@code POST /merchants/{id}} */
    PageResponse change(PageRequest visit) {
        Merchant merchant = find(visit);
        Settings settings = Settings.of(visit.form());
        ApiCaller.Result result = changes.call(visit, "PATCH", "/v1/merchants/" + merchant.id(), g -> {
            g.writeStartObject();
            write(g, settings);
            g.writeEndObject();
        });
        if (result.status() == 422) {
            return page(422, merchant, settings, changes.errors(visit, result));
        }
        boolean anotherKey = result.isGood()
                && !settings.signing()
                        .equals(merchant.receiver().keys().signing().text());
        return anotherKey
                ? secrets(result, "secret.rotated")
                : changes.then(visit, result, "/merchants/" + merchant.id() + "?done=saved");
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
        ApiCaller.Result result = changes.call(visit, "POST", path + "/test");
        return changes.then(visit, result, "/notifications/" + result.text("id") + "?done=tested");
    }

    /** {@code POST /merchants/{id}/rotate-secret} */
    PageResponse rotate(PageRequest visit) {
        ApiCaller.Result result =
                changes.call(visit, "POST", "/v1/merchants/" + find(visit).id() + "/rotate-secret", g -> {
                    g.writeStartObject();
                    g.writeStringProperty(
                            "overlap", visit.form().text("overlap").orElse("24h"));
                    g.writeEndObject();
                });
        return result.isGood() ? secrets(result, "secret.rotated") : changes.problem(visit, result);
    }

    /** {@code POST /merchants/{id}/keys} */
    PageResponse addKey(PageRequest visit) {
        ApiCaller.Result result =
                changes.call(visit, "POST", "/v1/merchants/" + find(visit).id() + "/keys");
        return result.isGood()
                ? PageResponse.html(
                        "secret",
                        Map.of(
                                "about",
                                "secret.key",
                                "secret",
                                result.text("key"),
                                "publicKey",
                                "",
                                "merchant",
                                result.text("merchant_id")))
                : changes.problem(visit, result);
    }

    /** {@code POST /merchants/{id}/keys/{key}/end} */
    PageResponse revokeKey(PageRequest visit) {
        String path = "/v1/merchants/" + find(visit).id() + "/keys/" + ApiCaller.step(visit.variable("key"));
        return changes.then(visit, changes.call(visit, "DELETE", path), back(visit) + "?done=key_revoked");
    }

    /** The page that shows new keys once. */
    private static PageResponse secrets(ApiCaller.Result result, String about) {
        return PageResponse.html(
                "secret",
                Map.of(
                        "about", about,
                        "secret", result.text("signing_secret"),
                        "publicKey", result.text("public_key"),
                        "merchant", result.text("id")));
    }

    private static String back(PageRequest visit) {
        return "/merchants/" + visit.variable("id");
    }

    private Merchant find(PageRequest visit) {
        MerchantStore store = parts.merchants();
        return Form.parsed(visit.variable("id"), MerchantId::parse)
                .flatMap(store::find)
                .orElseThrow(() -> unknown(visit).asException());
    }

    private Problem unknown(PageRequest visit) {
        return Problem.notFound(changes.message(visit, "problem.no_merchant"));
    }
}
