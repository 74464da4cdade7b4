package dev.rung.web;

import dev.rung.web.Problem.FieldError;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes JSON member by member, so that no field of a record is exposed by accident. */
public final class JsonWriter {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonWriter() {}

    /** Writes a value. */
    @FunctionalInterface
    public interface Content {
        void write(JsonGenerator g);
    }

    public static byte[] write(Content content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        write(out, content);
        return out.toByteArray();
    }

    public static void write(OutputStream out, Content content) {
        try (JsonGenerator g = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            content.write(g);
        }
    }

    /** A time, or {@code null}. */
    public static void time(JsonGenerator g, String name, @Nullable Long epochMillis) {
        if (epochMillis == null) {
            g.writeNullProperty(name);
        } else {
            g.writeStringProperty(name, Timestamps.text(epochMillis));
        }
    }

    /** A page of a list. */
    public static void page(JsonGenerator g, @Nullable String nextCursor, Content items) {
        g.writeStartObject();
        g.writeArrayPropertyStart("data");
        items.write(g);
        g.writeEndArray();
        g.writeStringProperty("next_cursor", nextCursor);
        g.writeEndObject();
    }

    public static void problem(JsonGenerator g, Problem problem) {
        g.writeStartObject();
        g.writeStringProperty("type", problem.type());
        g.writeStringProperty("title", problem.title());
        g.writeNumberProperty("status", problem.status());
        g.writeStringProperty("detail", problem.detail());
        g.writeStringProperty("code", problem.code());
        if (!problem.errors().isEmpty()) {
            g.writeArrayPropertyStart("errors");
            for (FieldError error : problem.errors()) {
                g.writeStartObject();
                g.writeStringProperty("field", error.field());
                g.writeStringProperty("code", error.code());
                g.writeStringProperty("message", error.message());
                g.writeEndObject();
            }
            g.writeEndArray();
        }
        g.writeEndObject();
    }
}
