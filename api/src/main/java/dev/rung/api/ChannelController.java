package dev.rung.api;

import dev.rung.payments.flow.ChannelMonitor;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.web.FieldReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.OptionalBody;
import dev.rung.web.Problem;
import dev.rung.web.QueryParameters;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;

/** Lists and checks channel accounts. */
@RestController
@RequestMapping("/v1/channels")
final class ChannelController {
    private final ChannelCatalog catalog;
    private final ChannelMonitor monitor;

    ChannelController(ChannelCatalog catalog, ChannelMonitor monitor) {
        this.catalog = catalog;
        this.monitor = monitor;
    }

    @GetMapping
    JsonWriter.Content list(QueryParameters query) {
        query.finish();
        return g -> JsonWriter.page(g, null, items -> catalog.accounts().forEach(each -> write(items, each)));
    }

    private void write(JsonGenerator g, ChannelCatalog.Entry account) {
        g.writeStartObject();
        g.writeStringProperty("name", account.name());
        g.writeStringProperty("type", account.type());
        strings(
                g,
                "methods",
                account.methods().stream().map(PaymentMethod::text).toList());
        g.writeStringProperty("problem", monitor.problem(account.name()).orElse(null));
        g.writeEndObject();
    }

    /** Asks the channel something signed. */
    @PostMapping("/{name}/check")
    JsonWriter.Content check(@PathVariable String name, @OptionalBody FieldReader fields) {
        fields.finish();
        if (catalog.find(name).isEmpty()) {
            throw Problem.notFound("channel_not_found", "Channel not found.").asException();
        }
        List<String> problems = monitor.check(name);
        return g -> {
            g.writeStartObject();
            g.writeBooleanProperty("ok", problems.isEmpty());
            strings(g, "problems", problems);
            g.writeEndObject();
        };
    }

    private static void strings(JsonGenerator g, String name, List<String> texts) {
        g.writeArrayPropertyStart(name);
        texts.forEach(g::writeString);
        g.writeEndArray();
    }
}
