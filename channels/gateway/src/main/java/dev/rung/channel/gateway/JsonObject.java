package dev.rung.channel.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** The text and object members of a JSON object, and the objects in its arrays; numbers keep their digits. Immutable. */
public final class JsonObject {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(50).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, JsonObject> objects = new HashMap<>();
    private final Map<String, List<JsonObject>> arrays = new HashMap<>();

    /** The byte range of each member object in the input, by name; only for the outermost object. */
    private final Map<String, byte[]> slices = new HashMap<>();

    /** An object without members. */
    public static final JsonObject EMPTY = new JsonObject();

    private JsonObject() {}

    /**
     * Parses one object; nothing may follow it.
     *
     * @throws IllegalArgumentException if the input is malformed or a member is repeated
     */
    public static JsonObject parse(byte[] bytes) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not a JSON object");
            }
            JsonObject object = read(json, bytes);
            if (json.nextToken() != null) {
                throw new IllegalArgumentException("followed by more data after the JSON object");
            }
            return object;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON", e);
        }
    }

    private static JsonObject read(JsonParser json, byte @Nullable [] outermost) {
        JsonObject object = new JsonObject();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            switch (json.nextToken()) {
                case START_OBJECT -> {
                    int from = (int) json.currentTokenLocation().getByteOffset();
                    object.objects.put(name, read(json, null));
                    if (outermost != null) {
                        int to = (int) json.currentLocation().getByteOffset();
                        object.slices.put(name, Arrays.copyOfRange(outermost, from, to));
                    }
                }
                case START_ARRAY -> object.arrays.put(name, items(json));
                case VALUE_NULL -> {
                    // Null is treated like an absent member.
                }
                default -> object.texts.put(name, json.getString());
            }
        }
        return object;
    }

    private static List<JsonObject> items(JsonParser json) {
        List<JsonObject> items = new ArrayList<>();
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            switch (token) {
                case START_OBJECT -> items.add(read(json, null));
                case START_ARRAY -> json.skipChildren();
                default -> {
                    // Only objects are read.
                }
            }
        }
        return List.copyOf(items);
    }

    /** The objects in an array; empty if the member is absent or of another type. */
    public List<JsonObject> objects(String name) {
        return arrays.getOrDefault(name, List.of());
    }

    /** A string, number or boolean as text; null if the member is absent or of another type. */
    public @Nullable String text(String name) {
        return texts.get(name);
    }

    /** A member object; null if the member is absent or of another type. */
    public @Nullable JsonObject object(String name) {
        return objects.get(name);
    }

    /** The bytes of a member object exactly as given to {@link #parse}; null if it is absent or this is not the outermost object. */
    public byte @Nullable [] bytes(String name) {
        return slices.get(name);
    }

    /** Writes an object; the callback adds its members. */
    public static byte[] write(Consumer<JsonGenerator> members) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            members.accept(json);
            json.writeEndObject();
        }
        return text.toString().getBytes(UTF_8);
    }
}
