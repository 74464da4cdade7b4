package dev.rung.api;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Role;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.OptionalBody;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** API keys of a merchant. */
@RestController
@RequestMapping("/v1/merchants/{id}/keys")
final class MerchantKeyController {
    private final KeyService keys;

    MerchantKeyController(KeyService keys) {
        this.keys = keys;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    JsonWriter.Content create(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, @OptionalBody FieldReader fields) {
        Role role = fields.text("role", text -> KeyJson.role(text, true));
        fields.finish();
        return KeyJson.created(keys.create(caller, id, role == null ? Role.MERCHANT_VIEW : role));
    }

    @GetMapping
    JsonWriter.Content list(@AuthenticationPrincipal Caller caller, @PathVariable MerchantId id) {
        return KeyJson.list(keys.list(caller, id));
    }

    @DeleteMapping("/{key_id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @AuthenticationPrincipal Caller caller, @PathVariable MerchantId id, @PathVariable("key_id") String key) {
        keys.revoke(caller, id, key);
    }
}
