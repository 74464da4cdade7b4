package dev.rung.console;

import dev.rung.api.EndpointService;
import dev.rung.api.EndpointService.Changed;
import dev.rung.api.MerchantService;
import dev.rung.api.TestNotificationService;
import dev.rung.core.flow.ReceiverHealth;
import dev.rung.core.model.Endpoint;
import dev.rung.core.model.EndpointId;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.ProblemException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/** The endpoints of a merchant. */
@Lazy
@Controller
@RequestMapping("/merchants/{id}/endpoints")
final class EndpointsPage {
    private final MerchantService merchants;
    private final EndpointService endpoints;
    private final TestNotificationService tests;
    private final ProblemMessages problems;

    EndpointsPage(
            MerchantService merchants,
            EndpointService endpoints,
            TestNotificationService tests,
            ProblemMessages problems) {
        this.merchants = merchants;
        this.endpoints = endpoints;
        this.tests = tests;
        this.problems = problems;
    }

    /**
     * An endpoint in the list.
     *
     * @param errors of the form for its headers or its TLS settings, by field
     */
    public record Row(
            String id,
            String name,
            String url,
            String events,
            Receiver receiver,
            ReceiverHealth health,
            int parked,
            Map<String, String> errors) {}

    /** The values of the form for a new one. */
    public record NewEndpoint(String name, String url, String events) {
        static final NewEndpoint EMPTY = new NewEndpoint("", "", Endpoint.ALL_EVENTS);
    }

    @GetMapping
    ModelAndView list(@AuthenticationPrincipal Caller caller, @PathVariable MerchantId id) {
        return page(caller, 200, id, NewEndpoint.EMPTY, Map.of(), Map.of());
    }

    private ModelAndView page(
            Caller caller,
            int status,
            MerchantId id,
            NewEndpoint values,
            Map<String, String> errors,
            Map<EndpointId, Map<String, String>> contractErrors) {
        Merchant merchant = merchants.find(caller, id);
        Map<String, Object> model = new HashMap<>();
        model.put("m", merchant);
        model.put(
                "rows",
                merchant.endpoints().stream()
                        .map(e -> row(id, e, contractErrors.getOrDefault(e.id(), Map.of())))
                        .toList());
        model.put("values", values);
        model.put("errors", errors);
        return Views.page(status, "endpoints", model);
    }

    private Row row(MerchantId merchant, Endpoint e, Map<String, String> errors) {
        ReceiverId id = new ReceiverId(merchant, e.id());
        return new Row(
                e.id().toString(),
                e.name(),
                Objects.requireNonNullElse(e.receiver().url(), ""),
                String.join(", ", e.events()),
                e.receiver(),
                merchants.health(id),
                merchants.parked(id),
                errors);
    }

    @PostMapping
    ModelAndView create(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, Form form, Language language) {
        NewEndpoint values = new NewEndpoint(form.shown("name"), form.shown("url"), form.shown("events"));
        List<Json> events = Stream.of(values.events().split("[,\\s]+"))
                .filter(event -> !event.isEmpty())
                .<Json>map(Json.Text::new)
                .toList();
        try {
            Changed made = endpoints.create(
                    caller,
                    id,
                    FieldReader.of(Map.of(
                            "name",
                            new Json.Text(values.name()),
                            "url",
                            new Json.Text(values.url()),
                            "events",
                            new Json.Arr(events))));
            return secret(made);
        } catch (ProblemException e) {
            return page(caller, 422, id, values, errors(language, e), Map.of());
        }
    }

    /** The errors to be shown at the fields of a form; any other problem has a page of its own. */
    private Map<String, String> errors(Language language, ProblemException e) {
        if (e.problem().errors().isEmpty()) {
            throw e;
        }
        return problems.errors(language, e.problem());
    }

    @PostMapping("/{endpoint}/headers")
    ModelAndView headers(
            @AuthenticationPrincipal Caller caller,
            @PathVariable MerchantId id,
            @PathVariable EndpointId endpoint,
            Form form,
            Language language) {
        return contract(caller, new ReceiverId(id, endpoint), language, ContractForms.headers(form));
    }

    @PostMapping("/{endpoint}/tls")
    ModelAndView tls(
            @AuthenticationPrincipal Caller caller,
            @PathVariable MerchantId id,
            @PathVariable EndpointId endpoint,
            Form form,
            Language language) {
        return contract(caller, new ReceiverId(id, endpoint), language, ContractForms.tls(form));
    }

    private ModelAndView contract(Caller caller, ReceiverId id, Language language, FieldReader fields) {
        try {
            endpoints.change(caller, id, fields);
            return back(id.merchant(), "saved");
        } catch (ProblemException e) {
            Map<EndpointId, Map<String, String>> errors =
                    Map.of(Objects.requireNonNull(id.endpoint()), errors(language, e));
            return page(caller, 422, id.merchant(), NewEndpoint.EMPTY, Map.of(), errors);
        }
    }

    @PostMapping("/{endpoint}/pause")
    ModelAndView pause(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, @PathVariable EndpointId endpoint) {
        endpoints.setPaused(caller, new ReceiverId(id, endpoint), true);
        return back(id, "endpoint_paused");
    }

    @PostMapping("/{endpoint}/resume")
    ModelAndView resume(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, @PathVariable EndpointId endpoint) {
        endpoints.setPaused(caller, new ReceiverId(id, endpoint), false);
        return back(id, "resumed");
    }

    @PostMapping("/{endpoint}/test")
    ModelAndView test(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, @PathVariable EndpointId endpoint) {
        return Views.redirect("/notifications/"
                + tests.send(caller, new ReceiverId(id, endpoint)).id() + "?done=tested");
    }

    @PostMapping("/{endpoint}/rotate-secret")
    ModelAndView rotate(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, @PathVariable EndpointId endpoint) {
        return secret(endpoints.rotateSecret(caller, new ReceiverId(id, endpoint), FieldReader.of(Map.of())));
    }

    @PostMapping("/{endpoint}/delete")
    ModelAndView delete(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, @PathVariable EndpointId endpoint) {
        endpoints.delete(caller, new ReceiverId(id, endpoint));
        return back(id, "endpoint_deleted");
    }

    private static ModelAndView back(MerchantId id, String done) {
        return Views.redirect("/merchants/" + id + "/endpoints?done=" + done);
    }

    /** The page that shows a new key once. */
    private static ModelAndView secret(Changed changed) {
        String secret = changed.newKey() == null ? null : changed.newKey().signingSecret();
        String publicKey = changed.endpoint().receiver().keys().publicKey();
        return Views.page(
                "secret",
                Map.of(
                        "about",
                        "secret.rotated",
                        "secret",
                        Objects.requireNonNullElse(secret, ""),
                        "publicKey",
                        Objects.requireNonNullElse(publicKey, ""),
                        "merchant",
                        changed.id().merchant() + "/endpoints"));
    }
}
