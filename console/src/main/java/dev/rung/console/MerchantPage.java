package dev.rung.console;

import dev.rung.api.KeyService;
import dev.rung.api.MerchantService;
import dev.rung.api.MerchantService.Changed;
import dev.rung.api.PortalLinkService;
import dev.rung.api.TestNotificationService;
import dev.rung.core.flow.Engine;
import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.BulkheadKey;
import dev.rung.core.model.Durations;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.model.Role;
import dev.rung.core.model.Signing;
import dev.rung.core.port.NotificationStore;
import dev.rung.crypto.SigningDialects;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.ProblemException;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/** The page of a merchant: health, settings and keys; and the form for a new merchant. */
@Lazy
@Controller
@RequestMapping("/merchants")
final class MerchantPage {
    /** Beyond this, parked deliveries are not counted. */
    private static final int PARKED_COUNTED_MAX = 100_000;

    /** The form's value for a custom ladder. */
    private static final String OWN = "own";

    private final MerchantService merchants;
    private final KeyService keys;
    private final SigningDialects dialects;
    private final PortalLinkService links;
    private final TestNotificationService tests;
    private final MerchantCache merchantCache;
    private final NotificationStore store;
    private final Engine engine;
    private final RecentStats recentStats;
    private final InstantSource clock;
    private final ProblemMessages problems;

    MerchantPage(
            MerchantService merchants,
            KeyService keys,
            SigningDialects dialects,
            PortalLinkService links,
            TestNotificationService tests,
            MerchantCache merchantCache,
            NotificationStore store,
            Engine engine,
            RecentStats recentStats,
            InstantSource clock,
            ProblemMessages problems) {
        this.merchants = merchants;
        this.keys = keys;
        this.dialects = dialects;
        this.links = links;
        this.tests = tests;
        this.merchantCache = merchantCache;
        this.store = store;
        this.engine = engine;
        this.recentStats = recentStats;
        this.clock = clock;
        this.problems = problems;
    }

    /**
     * An API key in the list.
     *
     * @param lastUsedAt 0 if it was never used
     */
    public record KeyRow(String id, String hint, String role, long createdAt, long lastUsedAt) {}

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
            String maxInFlight,
            String timeout,
            String rate,
            String signatureHeader,
            String traceContext) {

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
                    Integer.toString(receiver.maxInFlight()),
                    Durations.text(receiver.timeout()),
                    receiver.rate() == null
                            ? ""
                            : BigDecimal.valueOf(receiver.rate())
                                    .stripTrailingZeros()
                                    .toPlainString(),
                    Objects.requireNonNullElse(receiver.signatureHeader(), ""),
                    Boolean.toString(receiver.traceContext()));
        }

        static Settings of(Form form) {
            return new Settings(
                    form.shown("name"),
                    form.shown("notify_url"),
                    form.shown("ladder"),
                    form.shown("steps"),
                    form.shown("acknowledge"),
                    form.shown("signing"),
                    form.shown("max_in_flight"),
                    form.shown("timeout"),
                    form.shown("rate"),
                    form.shown("signature_header"),
                    form.shown("trace_context"));
        }

        static Settings ofNew() {
            return new Settings(
                    "",
                    "",
                    Ladder.DEFAULT_NAME,
                    "",
                    Acknowledgement.STATUS_2XX.text(),
                    Signing.HMAC.text(),
                    Integer.toString(Receiver.MAX_IN_FLIGHT_DEFAULT),
                    Durations.text(Receiver.TIMEOUT_DEFAULT),
                    "",
                    "",
                    "false");
        }
    }

    @GetMapping("/{id}")
    ModelAndView show(@AuthenticationPrincipal Caller caller, @PathVariable MerchantId id) {
        Merchant merchant = merchants.find(caller, id);
        return page(caller, 200, merchant, Settings.of(merchant), Map.of());
    }

    private ModelAndView page(Caller caller, int status, Merchant m, Settings settings, Map<String, String> errors) {
        Map<String, Object> model = new HashMap<>(form(settings, errors));
        model.putAll(health(m));
        model.put("keys", caller.role() == Role.MERCHANT_VIEW ? List.of() : keys(caller, m.id()));
        Long until = m.receiver().keys().earlierUntil();
        model.put("rotating", until != null && until > clock.millis() ? until : 0L);
        return Views.page(status, "merchant", model);
    }

    /** The model of the form. */
    private Map<String, Object> form(Settings settings, Map<String, String> errors) {
        List<String> ladders = new ArrayList<>(Ladder.presets().keySet());
        ladders.addAll(merchantCache.savedLadders().keySet());
        Map<String, Object> model = new HashMap<>();
        model.put("settings", settings);
        model.put("errors", errors);
        model.put("ladders", ladders);
        model.put("acknowledgements", Acknowledgement.values());
        model.put("signings", dialects.all());
        return model;
    }

    private Map<String, Object> health(Merchant m) {
        return Map.of(
                "m",
                m,
                "health",
                engine.health(ReceiverId.own(m.id())),
                "parked",
                store.countHeld(BulkheadKey.own(m.id()), PARKED_COUNTED_MAX),
                "stats",
                recentStats.merchant(m.id(), clock.millis()));
    }

    private List<KeyRow> keys(Caller caller, MerchantId id) {
        return keys.list(caller, id).stream()
                .map(key -> new KeyRow(
                        Ids.text(Caller.KEY_PREFIX, key.id()),
                        key.hint(),
                        key.role().text(),
                        key.createdAt(),
                        key.lastUsedAt() == null ? 0 : key.lastUsedAt()))
                .toList();
    }

    /** The live part of the page. */
    @GetMapping("/{id}/health")
    ModelAndView health(@AuthenticationPrincipal Caller caller, @PathVariable MerchantId id) {
        return Views.page("merchant :: health", health(merchants.find(caller, id)));
    }

    @GetMapping("/new")
    ModelAndView newForm() {
        return Views.page("merchant-new", form(Settings.ofNew(), Map.of()));
    }

    @PostMapping("/new")
    ModelAndView create(@AuthenticationPrincipal Caller caller, Form form, Language language) {
        Settings settings = Settings.of(form);
        try {
            return secrets(merchants.create(caller, fields(settings)), "secret.merchant");
        } catch (ProblemException e) {
            return Views.page(422, "merchant-new", form(settings, errors(language, e)));
        }
    }

    @PostMapping("/{id}")
    ModelAndView change(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, Form form, Language language) {
        Merchant merchant = merchants.find(caller, id);
        Settings settings = Settings.of(form);
        try {
            Changed changed = merchants.change(caller, id, fields(settings));
            return changed.newKey() == null
                    ? Views.redirect("/merchants/" + id + "?done=saved")
                    : secrets(changed, "secret.rotated");
        } catch (ProblemException e) {
            return page(caller, 422, merchant, settings, errors(language, e));
        }
    }

    /** The errors to be shown at the fields of the form; any other problem has a page of its own. */
    private Map<String, String> errors(Language language, ProblemException e) {
        if (e.problem().errors().isEmpty()) {
            throw e;
        }
        return problems.errors(language, e.problem());
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
        if (!settings.timeout().isEmpty()) {
            members.put("timeout", new Json.Text(settings.timeout()));
        }
        String rate = settings.rate();
        members.put(
                "rate",
                rate.isEmpty()
                        ? new Json.Null()
                        : rate.matches("\\d{1,6}(\\.\\d{1,6})?") ? new Json.Num(rate) : new Json.Text(rate));
        members.put(
                "signature_header",
                settings.signatureHeader().isEmpty() ? new Json.Null() : new Json.Text(settings.signatureHeader()));
        if (!settings.traceContext().isEmpty()) {
            members.put("trace_context", new Json.Bool(settings.traceContext().equals("true")));
        }
        return FieldReader.of(members);
    }

    @PostMapping("/{id}/headers")
    ModelAndView headers(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, Form form, Language language) {
        return contract(caller, id, language, ContractForms.headers(form));
    }

    @PostMapping("/{id}/tls")
    ModelAndView tls(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, Form form, Language language) {
        return contract(caller, id, language, ContractForms.tls(form));
    }

    private ModelAndView contract(Caller caller, MerchantId id, Language language, FieldReader fields) {
        try {
            merchants.change(caller, id, fields);
            return Views.redirect("/merchants/" + id + "?done=saved");
        } catch (ProblemException e) {
            Merchant merchant = merchants.find(caller, id);
            return page(caller, 422, merchant, Settings.of(merchant), errors(language, e));
        }
    }

    @PostMapping("/{id}/pause")
    ModelAndView pause(@AuthenticationPrincipal Caller caller, @PathVariable MerchantId id) {
        merchants.setPaused(caller, id, true);
        return Views.redirect("/merchants/" + id + "?done=paused");
    }

    @PostMapping("/{id}/resume")
    ModelAndView resume(@AuthenticationPrincipal Caller caller, @PathVariable MerchantId id) {
        merchants.setPaused(caller, id, false);
        return Views.redirect("/merchants/" + id + "?done=resumed");
    }

    @PostMapping("/{id}/test")
    ModelAndView test(@AuthenticationPrincipal Caller caller, @PathVariable MerchantId id) {
        return Views.redirect(
                "/notifications/" + tests.send(caller, ReceiverId.own(id)).id() + "?done=tested");
    }

    @PostMapping("/{id}/rotate-secret")
    ModelAndView rotate(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, Form form, Language language) {
        Merchant merchant = merchants.find(caller, id);
        Map<String, Json> members = new HashMap<>();
        members.put("overlap", new Json.Text(form.text("overlap").orElse("24h")));
        boolean rsa = merchant.receiver().keys().signing().equals(Signing.RSA2_FORM);
        form.text("imported").ifPresent(key -> members.put(rsa ? "private_key" : "signing_secret", new Json.Text(key)));
        try {
            return secrets(merchants.rotateSecret(caller, id, FieldReader.of(members)), "secret.rotated");
        } catch (ProblemException e) {
            return page(caller, 422, merchant, Settings.of(merchant), errors(language, e));
        }
    }

    @PostMapping("/{id}/keys")
    ModelAndView addKey(@AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, Form form) {
        Role role = form.shown("role").equals(Role.MERCHANT_MANAGE.text()) ? Role.MERCHANT_MANAGE : Role.MERCHANT_VIEW;
        KeyService.Created created = keys.create(caller, id, role);
        return Views.page(
                "secret",
                Map.of("about", "secret.key", "secret", created.secret(), "publicKey", "", "merchant", id.toString()));
    }

    @PostMapping("/{id}/portal-link")
    ModelAndView portalLink(@AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, Form form) {
        Map<String, Json> members = new HashMap<>();
        form.text("role").ifPresent(role -> members.put("role", new Json.Text(role)));
        form.text("expires_in").ifPresent(time -> members.put("expires_in", new Json.Text(time)));
        String url = links.create(caller, id, FieldReader.of(members)).toString();
        return Views.page(
                "secret", Map.of("about", "secret.portal", "secret", url, "publicKey", "", "merchant", id.toString()));
    }

    @PostMapping("/{id}/keys/{key}/end")
    ModelAndView revokeKey(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, @PathVariable String key) {
        keys.revoke(caller, id, key);
        return Views.redirect("/merchants/" + id + "?done=key_revoked");
    }

    /** The page that shows new keys once. */
    private static ModelAndView secrets(Changed changed, String about) {
        String secret = changed.newKey() == null ? null : changed.newKey().signingSecret();
        String publicKey = changed.merchant().receiver().keys().publicKey();
        return Views.page(
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
}
