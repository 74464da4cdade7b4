package dev.rung.api;

import dev.rung.payments.channel.AccountMember;
import dev.rung.payments.model.PaymentMethod;
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
import tools.jackson.core.JsonGenerator;

/** Creates, lists, changes, deletes and checks channel accounts. */
@RestController
@RequestMapping("/v1/channels")
final class ChannelController {
    private final ChannelService service;

    ChannelController(ChannelService service) {
        this.service = service;
    }

    @GetMapping
    JsonWriter.Content list(QueryParameters query) {
        query.finish();
        return g -> JsonWriter.page(g, null, items -> service.list().forEach(each -> write(items, each)));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    JsonWriter.Content create(@AuthenticationPrincipal Caller caller, FieldReader fields) {
        return shown(service.create(caller, fields));
    }

    @GetMapping("/{name}")
    JsonWriter.Content get(@PathVariable String name) {
        return shown(service.find(name));
    }

    @PatchMapping("/{name}")
    JsonWriter.Content change(@AuthenticationPrincipal Caller caller, @PathVariable String name, FieldReader fields) {
        return shown(service.change(caller, name, fields));
    }

    @DeleteMapping("/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@AuthenticationPrincipal Caller caller, @PathVariable String name) {
        service.delete(caller, name);
    }

    /** Sends a signed test request to the channel. */
    @PostMapping("/{name}/check")
    JsonWriter.Content check(@PathVariable String name, @OptionalBody FieldReader fields) {
        fields.finish();
        List<String> problems = service.check(name);
        return g -> {
            g.writeStartObject();
            g.writeBooleanProperty("ok", problems.isEmpty());
            strings(g, "problems", problems);
            g.writeEndObject();
        };
    }

    private JsonWriter.Content shown(ChannelCatalog.Entry account) {
        return g -> write(g, account);
    }

    /** Members that are secrets are named, and never shown. */
    private void write(JsonGenerator g, ChannelCatalog.Entry account) {
        g.writeStartObject();
        g.writeStringProperty("name", account.name());
        g.writeStringProperty("type", account.type().name());
        g.writeStringProperty("source", account.isInSettings() ? "settings" : "api");
        strings(
                g,
                "methods",
                account.methods().stream().map(PaymentMethod::text).toList());
        for (AccountMember member : account.type().members()) {
            String value = account.account().find(member.name()).orElse(null);
            if (member.kind() == AccountMember.Kind.TIME) {
                g.writeObjectPropertyStart(member.name());
                g.writeStringProperty(AccountMember.AT, value);
                g.writeEndObject();
            } else if (member.kind() != AccountMember.Kind.SECRET) {
                g.writeStringProperty(member.name(), value);
            }
        }
        strings(
                g,
                "secrets",
                account.type().members().stream()
                        .filter(member -> member.kind() == AccountMember.Kind.SECRET)
                        .map(AccountMember::name)
                        .filter(member -> account.account().find(member).isPresent())
                        .toList());
        g.writeStringProperty("problem", service.problem(account.name()).orElse(null));
        g.writeEndObject();
    }

    private static void strings(JsonGenerator g, String name, List<String> texts) {
        g.writeArrayPropertyStart(name);
        texts.forEach(g::writeString);
        g.writeEndArray();
    }
}
