package dev.rung.api;

import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.QueryParameters;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Named API keys of the server. */
@RestController
@RequestMapping("/v1/keys")
final class KeyController {
    private final KeyService keys;

    KeyController(KeyService keys) {
        this.keys = keys;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    JsonWriter.Content create(@AuthenticationPrincipal Caller caller, FieldReader fields) {
        return KeyJson.created(keys.create(caller, fields));
    }

    @GetMapping
    JsonWriter.Content list(QueryParameters query) {
        query.finish();
        return KeyJson.list(keys.list());
    }

    @DeleteMapping("/{key_id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@AuthenticationPrincipal Caller caller, @PathVariable("key_id") String key) {
        keys.revoke(caller, null, key);
    }
}
