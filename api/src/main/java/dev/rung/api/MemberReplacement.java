package dev.rung.api;

import dev.rung.web.Json;
import dev.rung.web.JsonReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** Replaces members of a request's JSON object; the bytes of payloads stay as they are. */
final class MemberReplacement {
    private MemberReplacement() {}

    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    private record Member(Json value, byte[] source) {}

    /**
     * Applies replacements.
     *
     * @param replacements members of an object in {@code source}; null removes a member
     * @param left a member that is not replaced
     * @throws dev.rung.web.ProblemException 422 if the body is no JSON object
     */
    static byte[] apply(byte[] body, Json.Obj replacements, byte[] source, String left) {
        Map<String, Member> members = new LinkedHashMap<>();
        object(body).members().forEach((name, value) -> members.put(name, new Member(value, body)));
        replacements.members().forEach((name, value) -> {
            if (isNull(value, source)) {
                members.remove(name);
            } else if (!name.equals(left)) {
                members.put(name, new Member(value, source));
            }
        });
        return JsonWriter.write(g -> {
            g.writeStartObject();
            members.forEach((name, member) -> {
                g.writeName(name);
                write(g, member.value(), member.source());
            });
            g.writeEndObject();
        });
    }

    private static Json.Obj object(byte[] body) {
        try {
            if (JsonReader.read(body) instanceof Json.Obj object) {
                return object;
            }
        } catch (dev.rung.web.ProblemException e) {
            throw notAnObject(e.problem().detail());
        }
        throw notAnObject("The body is not an object.");
    }

    private static dev.rung.web.ProblemException notAnObject(String why) {
        return Problem.invalid("set", "not_an_object", "cannot be applied: " + why, why)
                .asException();
    }

    private static boolean isNull(Json value, byte[] source) {
        return value instanceof Json.Null
                || value instanceof Json.Raw(int start, int end) && "null".equals(text(source, start, end));
    }

    private static String text(byte[] source, int start, int end) {
        return new String(source, start, end - start, StandardCharsets.UTF_8);
    }

    private static void write(JsonGenerator g, Json value, byte[] source) {
        switch (value) {
            case Json.Obj(Map<String, Json> members, int start, int end) -> g.writeRawValue(text(source, start, end));
            case Json.Raw(int start, int end) -> g.writeRawValue(text(source, start, end));
            case Json.Arr(java.util.List<Json> items) -> {
                g.writeStartArray();
                items.forEach(item -> write(g, item, source));
                g.writeEndArray();
            }
            case Json.Text(String text) -> g.writeString(text);
            case Json.Num(String literal) -> g.writeNumber(literal);
            case Json.Bool(boolean bool) -> g.writeBoolean(bool);
            case Json.Null() -> g.writeNull();
        }
    }
}
