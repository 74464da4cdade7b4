package dev.rung.api;

import dev.rung.core.model.Ids;
import dev.rung.core.model.MerchantId;
import dev.rung.core.port.MerchantStore;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.OptionalBody;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;

/** API keys of a merchant. */
@RestController
@RequestMapping("/v1/merchants/{id}/keys")
final class MerchantKeyController {
    private final MerchantKeyService keys;

    MerchantKeyController(MerchantKeyService keys) {
        this.keys = keys;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    JsonWriter.Content create(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, @OptionalBody FieldReader fields) {
        fields.finish();
        MerchantKeyService.Created created = keys.create(caller, id);
        return g -> {
            g.writeStartObject();
            members(g, created.key());
            g.writeStringProperty("key", created.secret());
            g.writeEndObject();
        };
    }

    @GetMapping
    JsonWriter.Content list(@PathVariable MerchantId id) {
        List<MerchantStore.Key> all = keys.list(id);
        return g -> JsonWriter.page(g, null, items -> {
            for (MerchantStore.Key key : all) {
                items.writeStartObject();
                members(items, key);
                items.writeEndObject();
            }
        });
    }

    private static void members(JsonGenerator g, MerchantStore.Key key) {
        g.writeStringProperty("id", Ids.text(Caller.KEY_PREFIX, key.id()));
        g.writeStringProperty("merchant_id", key.merchant().toString());
        g.writeStringProperty("hint", key.hint());
        JsonWriter.time(g, "created_at", key.createdAt());
    }

    @DeleteMapping("/{key_id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, @PathVariable("key_id") String key) {
        keys.revoke(caller, id, key);
    }
}
