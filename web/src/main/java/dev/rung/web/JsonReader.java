package dev.rung.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** A strict JSON parser for request bodies: valid UTF-8, one value, no duplicate members, nesting up to {@value #NESTING_MAX}. */
public final class JsonReader {
    public static final int NESTING_MAX = 100;

    /** Values of a body beside its payloads: a batch of a thousand items with inline ladders has fewer. */
    private static final int VALUES_MAX = 100_000;
    /** Of an object outside of payloads. */
    private static final int MEMBERS_MAX = 256;
    /** Of a payload; one of 256 KiB cannot have more. */
    private static final int RAW_TOKENS_MAX = 300_000;
    /** Of an array where an object is expected, so many tokens are checked for being JSON. */
    private static final int ITEMS_LOOKED_AT = 1_000;
    /** After so many tokens, other requests get their turn. */
    private static final int TOKENS_PER_TURN = 10_000;

    /** The member whose value is kept raw, at any level. */
    private static final String RAW_MEMBER = "payload";

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Only UTF-8: detection of UTF-16 would also make byte offsets wrong.
            .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(NESTING_MAX)
                    // The body's size is limited, so strings and numbers need no limits of their own.
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final byte[] body;
    private final JsonParser parser;
    private int values;
    private int tokens;

    private JsonReader(byte[] body, JsonParser parser) {
        this.body = body;
        this.parser = parser;
    }

    /**
     * Reads a whole body.
     *
     * @throws ProblemException with status 400 if it is malformed
     */
    public static Json read(byte[] body) {
        return read(body, false);
    }

    /** As {@link #read(byte[])}, of a body that must be an object: the items of an array are not read. */
    static Json readObject(byte[] body) {
        return read(body, true);
    }

    private static Json read(byte[] body, boolean objectOnly) {
        if (body.length == 0) {
            throw Problem.malformed("no_body", "The request has no body.").asException();
        }
        if (!Utf8.isValid(body)) {
            throw Problem.malformed("invalid_utf8", "The body is not valid UTF-8.")
                    .asException();
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            JsonReader reader = new JsonReader(body, parser);
            parser.nextToken();
            if (objectOnly && parser.currentToken() == JsonToken.START_ARRAY && !reader.skip(ITEMS_LOOKED_AT)) {
                return new Json.Arr(List.of());
            }
            Json value = parser.currentToken() == JsonToken.END_ARRAY ? new Json.Arr(List.of()) : reader.value();
            if (parser.nextToken() != null) {
                throw Problem.malformed("trailing_text", "The body has text after the JSON value.")
                        .asException();
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw Problem.malformed("too_deep", "The JSON is nested deeper than " + NESTING_MAX + ".")
                    .asException();
        } catch (StreamReadException e) {
            throw Problem.malformed(code(e), where(e)).asException();
        } catch (JacksonException | IllegalStateException e) {
            throw Problem.malformed("not_json", "The body is not JSON.").asException();
        }
    }

    /** Error and position, without any content of the body. */
    private static String where(StreamReadException e) {
        String original = e.getOriginalMessage();
        String what = original.startsWith("Duplicate") ? "An object has a duplicate member" : "The body is not JSON";
        return what + ", near line " + e.getLocation().getLineNr() + ", column "
                + e.getLocation().getColumnNr() + ".";
    }

    private static String code(StreamReadException e) {
        return e.getOriginalMessage().startsWith("Duplicate") ? "duplicate_member" : "not_json";
    }

    /** Counts a token and yields now and then, so that one large body does not delay other requests. */
    @SuppressWarnings("ThreadPriorityCheck") // fairness, not synchronization
    private void count() {
        if (++tokens % TOKENS_PER_TURN == 0) {
            Thread.yield();
        }
    }

    private static ProblemException tooMany(String what) {
        return Problem.malformed("too_many_values", "The body has too many " + what + ".")
                .asException();
    }

    /** Reads the value whose first token was just read. */
    private Json value() {
        count();
        if (++values > VALUES_MAX) {
            throw tooMany("values");
        }
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw Problem.malformed("no_body", "The body is empty.").asException();
        }
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> new Json.Text(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Num(parser.getString());
            case VALUE_TRUE -> new Json.Bool(true);
            case VALUE_FALSE -> new Json.Bool(false);
            case VALUE_NULL -> new Json.Null();
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new IllegalStateException("unexpected token " + token);
        };
    }

    private Json.Obj object() {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        Map<String, Json> members = new LinkedHashMap<>();
        String name;
        while ((name = parser.nextName()) != null) {
            parser.nextToken();
            members.put(name, name.equals(RAW_MEMBER) ? raw() : value());
            if (members.size() > MEMBERS_MAX) {
                throw tooMany("members in one object");
            }
        }
        return new Json.Obj(members, start, (int) parser.currentLocation().getByteOffset());
    }

    private Json.Arr array() {
        List<Json> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value());
        }
        return new Json.Arr(items);
    }

    private Json.Raw raw() {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        if (!skip(RAW_TOKENS_MAX)) {
            throw tooMany("values in a payload");
        }
        parser.finishToken();
        int end = (int) parser.currentLocation().getByteOffset();
        // The end of a number is known only after reading the next token.
        while (isSpace(body[end - 1])) {
            end--;
        }
        return new Json.Raw(start, end);
    }

    /** Skips the value whose first token was just read; false if it has more tokens than that. */
    private boolean skip(int tokensMax) {
        int depth = 0;
        int read = 0;
        JsonToken token = parser.currentToken();
        while (token != null) {
            count();
            if (++read > tokensMax) {
                return false;
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (depth == 0) {
                return true;
            }
            token = parser.nextToken();
        }
        throw new IllegalStateException("a payload without its end");
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
