package dev.rung.api;

import dev.rung.api.EndpointService.Changed;
import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.Endpoint;
import dev.rung.core.model.EndpointId;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.ReceiverId;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.OptionalBody;
import dev.rung.web.QueryParameters;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Further receivers of a merchant's notifications: settings, pause, signing keys, test notifications. */
@RestController
@RequestMapping("/v1/merchants/{id}/endpoints")
final class EndpointController {
    private final EndpointService endpoints;
    private final MerchantService merchants;
    private final TestNotificationService tests;
    private final MerchantCache merchantCache;

    EndpointController(
            EndpointService endpoints,
            MerchantService merchants,
            TestNotificationService tests,
            MerchantCache merchantCache) {
        this.endpoints = endpoints;
        this.merchants = merchants;
        this.tests = tests;
        this.merchantCache = merchantCache;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    JsonWriter.Content create(
            @AuthenticationPrincipal Caller caller, @PathVariable("id") MerchantId merchant, FieldReader fields) {
        return changed(endpoints.create(caller, merchant, fields));
    }

    /** All of them, on one page. */
    @GetMapping
    JsonWriter.Content list(
            @AuthenticationPrincipal Caller caller, @PathVariable("id") MerchantId merchant, QueryParameters query) {
        query.finish();
        List<Endpoint> all = endpoints.list(caller, merchant);
        return g -> JsonWriter.page(g, null, items -> {
            for (Endpoint endpoint : all) {
                items.writeStartObject();
                MerchantJson.members(items, merchant, endpoint);
                items.writeEndObject();
            }
        });
    }

    @GetMapping("/{endpoint_id}")
    JsonWriter.Content get(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("id") MerchantId merchant,
            @PathVariable("endpoint_id") EndpointId endpoint) {
        ReceiverId id = new ReceiverId(merchant, endpoint);
        return shown(id, endpoints.find(caller, id));
    }

    @PatchMapping("/{endpoint_id}")
    JsonWriter.Content change(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("id") MerchantId merchant,
            @PathVariable("endpoint_id") EndpointId endpoint,
            FieldReader fields) {
        return changed(endpoints.change(caller, new ReceiverId(merchant, endpoint), fields));
    }

    @DeleteMapping("/{endpoint_id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("id") MerchantId merchant,
            @PathVariable("endpoint_id") EndpointId endpoint) {
        endpoints.delete(caller, new ReceiverId(merchant, endpoint));
    }

    @PostMapping("/{endpoint_id}/pause")
    JsonWriter.Content pause(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("id") MerchantId merchant,
            @PathVariable("endpoint_id") EndpointId endpoint,
            @OptionalBody FieldReader fields) {
        fields.finish();
        ReceiverId id = new ReceiverId(merchant, endpoint);
        return shown(id, endpoints.setPaused(caller, id, true));
    }

    @PostMapping("/{endpoint_id}/resume")
    JsonWriter.Content resume(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("id") MerchantId merchant,
            @PathVariable("endpoint_id") EndpointId endpoint,
            @OptionalBody FieldReader fields) {
        fields.finish();
        ReceiverId id = new ReceiverId(merchant, endpoint);
        return shown(id, endpoints.setPaused(caller, id, false));
    }

    @PostMapping("/{endpoint_id}/rotate-secret")
    JsonWriter.Content rotateSecret(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("id") MerchantId merchant,
            @PathVariable("endpoint_id") EndpointId endpoint,
            @OptionalBody FieldReader fields) {
        return changed(endpoints.rotateSecret(caller, new ReceiverId(merchant, endpoint), fields));
    }

    @PostMapping("/{endpoint_id}/test")
    @ResponseStatus(HttpStatus.ACCEPTED)
    JsonWriter.Content test(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("id") MerchantId merchant,
            @PathVariable("endpoint_id") EndpointId endpoint,
            @OptionalBody FieldReader fields) {
        fields.finish();
        NotificationDetail accepted = tests.send(caller, new ReceiverId(merchant, endpoint));
        return g -> NotificationJson.whole(g, accepted, List.of(), merchantCache);
    }

    private JsonWriter.Content shown(ReceiverId id, Endpoint endpoint) {
        return g -> {
            g.writeStartObject();
            MerchantJson.members(g, id.merchant(), endpoint);
            MerchantJson.health(g, merchants.health(id), merchants.parked(id));
            g.writeEndObject();
        };
    }

    /** The endpoint, with its key if it has a new one. */
    private JsonWriter.Content changed(Changed changed) {
        if (changed.newKey() == null) {
            return shown(changed.id(), changed.endpoint());
        }
        String secret = changed.newKey().signingSecret();
        return g -> {
            g.writeStartObject();
            MerchantJson.members(g, changed.id().merchant(), changed.endpoint());
            if (secret != null) {
                g.writeStringProperty("signing_secret", secret);
            }
            g.writeEndObject();
        };
    }
}
