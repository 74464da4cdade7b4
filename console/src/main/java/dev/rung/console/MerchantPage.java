package dev.rung.console;

import dev.rung.api.MerchantKeyService;
import dev.rung.api.MerchantService.Changed;
import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.Signing;
import dev.rung.core.port.MerchantStore;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.Problem;
import dev.rung.web.ProblemException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The page of a merchant: health, settings and keys; and the form for a new merchant. */
final class MerchantPage {
    /** Beyond this, parked deliveries are not counted. */
    private static final int PARKED_COUNTED_MAX = 100_000;

    /** The form's value for a custom ladder. */
    private static final String OWN = "own";

    private final ConsoleDependencies parts;
    private final ProblemMessages problems;

    MerchantPage(ConsoleDependencies parts, ProblemMessages problems) {
        this.parts = parts;
        this.problems = problems;
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
                "parked",
                parts.store().countHeld(new BulkheadKey.OfMerchant(m.id()), PARKED_COUNTED_MAX),
                "stats",
                parts.recentStats().merchant(m.id(), parts.clock().millis()));
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
        try {
            return secrets(parts.merchantService().create(visit.caller(), fields(settings)), "secret.merchant");
        } catch (ProblemException e) {
            return new PageResponse.Html(422, "merchant-new", form(settings, errors(visit, e)));
        }
    }

    /** {@code POST /merchants/{id}} */
    PageResponse change(PageRequest visit) {
        Merchant merchant = find(visit);
        Settings settings = Settings.of(visit.form());
        try {
            Changed changed = parts.merchantService().change(visit.caller(), merchant.id(), fields(settings));
            return changed.newKey() == null
                    ? new PageResponse.Redirect("/merchants/" + merchant.id() + "?done=saved")
                    : secrets(changed, "secret.rotated");
        } catch (ProblemException e) {
            return page(422, merchant, settings, errors(visit, e));
        }
    }

    /** The errors to be shown at the fields of the form; any other problem has a page of its own. */
    private Map<String, String> errors(PageRequest visit, ProblemException e) {
        if (e.problem().errors().isEmpty()) {
            throw e;
        }
        return problems.errors(visit.language(), e.problem());
    }

    private static FieldReader fields(Settings settings) {
        Map<String, Json> members = new HashMap<>();
        members.put("name", new Json.Text(settings.name()));
        members.put(
                "notify_url", settings.notifyUrl().isEmpty() ? new Json.Null() : new Json.Text(settings.notifyUrl()));
        members.put(
                "ladder",
                settings.ladder().equals(OWN) ? LadderText.json(settings.steps()) : new Json.Text(settings.ladder()));
        members.put("acknowledge", new Json.Text(settings.acknowledge()));
        members.put("signing", new Json.Text(settings.signing()));
        String maxInFlight = settings.maxInFlight();
        members.put(
                "max_in_flight",
                maxInFlight.matches("\\d{1,9}") ? new Json.Num(maxInFlight) : new Json.Text(maxInFlight));
        return FieldReader.of(members);
    }

    /** {@code POST /merchants/{id}/pause}, {@code /resume} and {@code /test} */
    PageResponse act(PageRequest visit) {
        String act = visit.variable("act");
        MerchantId id = find(visit).id();
        switch (act) {
            case "pause" -> parts.merchantService().setPaused(visit.caller(), id, true);
            case "resume" -> parts.merchantService().setPaused(visit.caller(), id, false);
            case "test" -> {
                return new PageResponse.Redirect("/notifications/"
                        + parts.tests().send(visit.caller(), id).id() + "?done=tested");
            }
            default -> throw unknown().asException();
        }
        return new PageResponse.Redirect(back(visit) + (act.equals("pause") ? "?done=paused" : "?done=resumed"));
    }

    /** {@code POST /merchants/{id}/rotate-secret} */
    PageResponse rotate(PageRequest visit) {
        String overlap = visit.form().text("overlap").orElse("24h");
        Changed changed = parts.merchantService()
                .rotateSecret(
                        visit.caller(), find(visit).id(), FieldReader.of(Map.of("overlap", new Json.Text(overlap))));
        return secrets(changed, "secret.rotated");
    }

    /** {@code POST /merchants/{id}/keys} */
    PageResponse addKey(PageRequest visit) {
        MerchantId id = find(visit).id();
        MerchantKeyService.Created created = parts.keyService().create(visit.caller(), id);
        return PageResponse.html(
                "secret",
                Map.of("about", "secret.key", "secret", created.secret(), "publicKey", "", "merchant", id.toString()));
    }

    /** {@code POST /merchants/{id}/keys/{key}/end} */
    PageResponse revokeKey(PageRequest visit) {
        parts.keyService().revoke(visit.caller(), find(visit).id(), visit.variable("key"));
        return new PageResponse.Redirect(back(visit) + "?done=key_revoked");
    }

    /** The page that shows new keys once. */
    private static PageResponse secrets(Changed changed, String about) {
        String secret = changed.newKey() == null ? null : changed.newKey().signingSecret();
        String publicKey = changed.merchant().receiver().keys().publicKey();
        return PageResponse.html(
                "secret",
                Map.of(
                        "about",
                        about,
                        "secret",
                        secret == null ? "" : secret,
                        "publicKey",
                        publicKey == null ? "" : publicKey,
                        "merchant",
                        changed.merchant().id().toString()));
    }

    private static String back(PageRequest visit) {
        return "/merchants/" + visit.variable("id");
    }

    private Merchant find(PageRequest visit) {
        MerchantStore store = parts.merchants();
        return Form.parsed(visit.variable("id"), MerchantId::parse)
                .flatMap(store::find)
                .orElseThrow(() -> unknown().asException());
    }

    private static Problem unknown() {
        return Problem.notFound("merchant_not_found", "Merchant not found.");
    }
}
