package dev.rung.api;

import dev.rung.api.RejectedService.Summary;
import dev.rung.core.model.RejectedId;
import dev.rung.core.port.RejectedSubmissions.Rejected;
import dev.rung.core.port.Submission;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.OptionalBody;
import dev.rung.web.QueryParameters;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;

/** The AMQP submissions that intake rejected. */
@RestController
@RequestMapping("/v1/rejected")
final class RejectedController {
    private final RejectedService rejected;
    private final IntakeResponses responses;

    RejectedController(RejectedService rejected, IntakeResponses responses) {
        this.rejected = rejected;
        this.responses = responses;
    }

    @GetMapping
    JsonWriter.Content list(QueryParameters query) {
        int limit = query.integer("limit", Lists.LIMIT_DEFAULT, 1, Lists.LIMIT_MAX);
        Long after = query.text("cursor", text -> Cursors.number(Cursors.Kind.REJECTED, text));
        query.finish();
        List<Summary> page = rejected.list(after == null ? null : new RejectedId(after), limit);
        String cursor = page.size() < limit
                ? null
                : Cursors.of(Cursors.Kind.REJECTED, page.getLast().id().value());
        return g -> JsonWriter.page(
                g,
                cursor,
                items -> page.forEach(each -> {
                    items.writeStartObject();
                    write(items, each);
                    items.writeEndObject();
                }));
    }

    @GetMapping("/{id}")
    JsonWriter.Content get(@PathVariable RejectedId id) {
        Rejected found = rejected.find(id);
        return g -> {
            g.writeStartObject();
            write(g, Summary.of(found));
            writeBody(g, found.submission());
            g.writeEndObject();
        };
    }

    @PostMapping("/{id}/replay")
    ResponseEntity<JsonWriter.Content> replay(
            @AuthenticationPrincipal Caller caller, @PathVariable RejectedId id, @OptionalBody FieldReader fields) {
        return responses.of(rejected.replay(caller, id, fields));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void discard(@AuthenticationPrincipal Caller caller, @PathVariable RejectedId id) {
        rejected.discard(caller, id);
    }

    private static void write(JsonGenerator g, Summary summary) {
        g.writeStringProperty("id", summary.id().toString());
        JsonWriter.time(g, "rejected_at", summary.rejectedAtMillis());
        g.writeStringProperty("reason", summary.reason());
        g.writeStringProperty("routing_key", summary.routingKey());
        g.writeStringProperty("message_id", summary.messageId());
        g.writeStringProperty("content_encoding", summary.contentEncoding());
        g.writeNumberProperty("bytes", summary.bytes());
    }

    /** As text, uncompressed; what is not text is in Base64. */
    private static void writeBody(JsonGenerator g, Submission submission) {
        byte[] text = RejectedService.text(submission);
        if (text == null) {
            g.writeStringProperty("body_base64", Base64.getEncoder().encodeToString(submission.body()));
        } else {
            g.writeStringProperty("body", new String(text, StandardCharsets.UTF_8));
        }
    }
}
