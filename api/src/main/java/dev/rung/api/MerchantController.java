package dev.rung.api;

import dev.rung.api.MerchantService.Changed;
import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.Merchant;
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

/** Merchants: settings, pause, signing keys, test notifications. */
@RestController
@RequestMapping("/v1/merchants")
final class MerchantController {
    private final MerchantService merchants;
    private final TestNotificationService tests;
    private final PortalLinkService links;
    private final MerchantCache merchantCache;

    MerchantController(
            MerchantService merchants,
            TestNotificationService tests,
            PortalLinkService links,
            MerchantCache merchantCache) {
        this.merchants = merchants;
        this.tests = tests;
        this.links = links;
        this.merchantCache = merchantCache;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    JsonWriter.Content create(@AuthenticationPrincipal Caller caller, FieldReader fields) {
        return changed(merchants.create(caller, fields));
    }

    @GetMapping
    JsonWriter.Content list(QueryParameters query) {
        int limit = query.integer("limit", Lists.LIMIT_DEFAULT, 1, Lists.LIMIT_MAX);
        Long before = query.text("cursor", text -> Cursors.number(Cursors.Kind.MERCHANTS, text));
        query.finish();
        List<Merchant> page = merchants.list(before == null ? null : new MerchantId(before), limit);
        String next = page.size() < limit
                ? null
                : Cursors.of(Cursors.Kind.MERCHANTS, page.getLast().id().value());
        return g -> JsonWriter.page(g, next, items -> {
            for (Merchant merchant : page) {
                items.writeStartObject();
                MerchantJson.members(items, merchant);
                items.writeEndObject();
            }
        });
    }

    @GetMapping("/{id}")
    JsonWriter.Content get(@AuthenticationPrincipal Caller caller, @PathVariable MerchantId id) {
        return shown(merchants.find(caller, id));
    }

    @PatchMapping("/{id}")
    JsonWriter.Content change(@AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, FieldReader fields) {
        return changed(merchants.change(caller, id, fields));
    }

    /** Deletes it; with {@code cancel_waiting=true} also while something waits. */
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, QueryParameters query) {
        boolean cancelWaiting = Boolean.TRUE.equals(query.text("cancel_waiting", FieldValidators::flag));
        query.finish();
        merchants.delete(caller, id, cancelWaiting);
    }

    @PostMapping("/{id}/pause")
    JsonWriter.Content pause(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, @OptionalBody FieldReader fields) {
        fields.finish();
        return shown(merchants.setPaused(caller, id, true));
    }

    @PostMapping("/{id}/resume")
    JsonWriter.Content resume(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, @OptionalBody FieldReader fields) {
        fields.finish();
        return shown(merchants.setPaused(caller, id, false));
    }

    @PostMapping("/{id}/rotate-secret")
    JsonWriter.Content rotateSecret(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, @OptionalBody FieldReader fields) {
        return changed(merchants.rotateSecret(caller, id, fields));
    }

    @PostMapping("/{id}/test")
    @ResponseStatus(HttpStatus.ACCEPTED)
    JsonWriter.Content test(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, @OptionalBody FieldReader fields) {
        fields.finish();
        NotificationDetail accepted = tests.send(caller, ReceiverId.own(id));
        return g -> NotificationJson.whole(g, accepted, List.of(), merchantCache);
    }

    @PostMapping("/{id}/portal-link")
    JsonWriter.Content portalLink(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, @OptionalBody FieldReader fields) {
        String url = links.create(caller, id, fields).toString();
        return g -> {
            g.writeStartObject();
            g.writeStringProperty("url", url);
            g.writeEndObject();
        };
    }

    private JsonWriter.Content shown(Merchant merchant) {
        return g -> {
            g.writeStartObject();
            MerchantJson.members(g, merchant);
            ReceiverId id = ReceiverId.own(merchant.id());
            MerchantJson.health(g, merchants.health(id), merchants.parked(id));
            g.writeEndObject();
        };
    }

    /** The merchant, with its key if it has a new one. */
    private JsonWriter.Content changed(Changed changed) {
        if (changed.newKey() == null) {
            return shown(changed.merchant());
        }
        String secret = changed.newKey().signingSecret();
        return g -> {
            g.writeStartObject();
            MerchantJson.members(g, changed.merchant());
            if (secret != null) {
                g.writeStringProperty("signing_secret", secret);
            }
            g.writeEndObject();
        };
    }
}
