package dev.rung.console;

import dev.rung.api.KeyService;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Role;
import dev.rung.core.port.KeyStore;
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

/** The page of the server's API keys, with a form for a new one, whose secret is shown once. Keys of a merchant are on its page. */
@Lazy
@Controller
@RequestMapping("/keys")
final class KeysPage {
    private static final List<String> ROLES = Stream.of(Role.values())
            .filter(role -> !role.isOfMerchant())
            .map(Role::text)
            .toList();

    private final KeyService keys;
    private final ProblemMessages problems;

    KeysPage(KeyService keys, ProblemMessages problems) {
        this.keys = keys;
        this.problems = problems;
    }

    /**
     * A key in the list.
     *
     * @param isOwn whether it is the key that the caller signed in with
     * @param expiresAt 0 if it does not expire
     * @param lastUsedAt 0 if it was never used
     */
    public record Row(
            String id,
            String name,
            String role,
            String hint,
            boolean fromSetting,
            boolean isOwn,
            long createdAt,
            long expiresAt,
            long lastUsedAt) {

        static Row of(KeyStore.Key key, Caller caller) {
            String id = Ids.text(Caller.KEY_PREFIX, key.id());
            return new Row(
                    id,
                    Objects.requireNonNullElse(key.name(), id),
                    key.role().text(),
                    key.hint(),
                    key.fromSetting(),
                    id.equals(caller.id()),
                    key.createdAt(),
                    Objects.requireNonNullElse(key.expiresAt(), 0L),
                    Objects.requireNonNullElse(key.lastUsedAt(), 0L));
        }
    }

    @GetMapping
    ModelAndView show(@AuthenticationPrincipal Caller caller) {
        return page(200, caller, Form.EMPTY, Map.of(), "");
    }

    private ModelAndView page(int status, Caller caller, Form form, Map<String, String> errors, String secret) {
        Map<String, Object> model = new HashMap<>();
        model.put("keys", keys.list().stream().map(key -> Row.of(key, caller)).toList());
        model.put("roles", ROLES);
        model.put("name", form.shown("name"));
        model.put("role", form.shown("role"));
        model.put("expires", form.shown("expires"));
        model.put("errors", errors);
        model.put("secret", secret);
        return Views.page(status, "keys", model);
    }

    @PostMapping
    ModelAndView create(@AuthenticationPrincipal Caller caller, Form form, Language language) {
        Map<String, Json> members = new HashMap<>();
        members.put("name", new Json.Text(form.shown("name")));
        members.put("role", new Json.Text(form.shown("role")));
        String day = form.shown("expires");
        if (!day.isEmpty()) {
            members.put("expires_at", new Json.Text(day + "T00:00:00Z"));
        }
        try {
            KeyService.Created created = keys.create(caller, FieldReader.of(members));
            return page(200, caller, Form.EMPTY, Map.of(), created.secret());
        } catch (ProblemException e) {
            if (e.problem().errors().isEmpty()) {
                throw e;
            }
            return page(422, caller, form, problems.errors(language, e.problem()), "");
        }
    }

    @PostMapping("/{id}/revoke")
    ModelAndView revoke(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        keys.revoke(caller, null, id);
        return Views.redirect("/keys?done=key_revoked");
    }
}
