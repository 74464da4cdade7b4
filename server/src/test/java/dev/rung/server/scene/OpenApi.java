package dev.rung.server.scene;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** The server's own description of itself, to hold its answers to. */
public final class OpenApi {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private final JsonNode document;
    private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();

    public OpenApi(JsonNode document) {
        this.document = document;
    }

    static OpenApi of(HttpClient http, URI server) {
        HttpRequest request =
                HttpRequest.newBuilder(server.resolve("/openapi.json")).build();
        return new OpenApi(MAPPER.readTree(
                http.sendAsync(request, BodyHandlers.ofByteArray()).join().body()));
    }

    public JsonNode document() {
        return document;
    }

    /** What is wrong with a value for a schema of the document. */
    public List<String> violations(JsonNode schema, JsonNode value) {
        return schemas.computeIfAbsent(schema, this::compiled).validate(value).stream()
                .map(Object::toString)
                .toList();
    }

    private Schema compiled(JsonNode schema) {
        ObjectNode root = MAPPER.createObjectNode();
        root.set("components", document.get("components"));
        root.putArray("allOf").add(schema);
        return SCHEMAS.getSchema(root);
    }

    /** Fails if an answer is not as the document describes it; paths that it does not describe are not judged. */
    void check(String method, String path, Reply reply) {
        JsonNode operation = operation(method, path.replaceAll("\\?.*", ""));
        if (operation == null) {
            return;
        }
        JsonNode response = resolved(operation.at("/responses/" + reply.status()));
        assertThat(response.isMissingNode())
                .as("%s %s answered %d, which is not described: %s", method, path, reply.status(), reply.text())
                .isFalse();
        JsonNode content = response.get("content");
        if (content == null) {
            assertThat(reply.text()).isEmpty();
            return;
        }
        String type = reply.header("content-type").replaceAll(";.*", "");
        assertThat(content.has(type)).as("%s %s answers %s", method, path, type).isTrue();
        if (type.endsWith("json")) {
            assertThat(violations(content.get(type).get("schema"), reply.json()))
                    .as("%s %s: %s", method, path, reply.text())
                    .isEmpty();
        }
    }

    private JsonNode operation(String method, String path) {
        JsonNode paths = document.get("paths");
        JsonNode literal = paths.get(path);
        if (literal != null) {
            return literal.get(method.toLowerCase(Locale.ROOT));
        }
        for (Map.Entry<String, JsonNode> each : paths.properties()) {
            if (path.matches(each.getKey().replaceAll("\\{[a-z_]+}", "[^/]+"))) {
                return each.getValue().get(method.toLowerCase(Locale.ROOT));
            }
        }
        return null;
    }

    /** What a reference stands for. */
    public JsonNode resolved(JsonNode node) {
        JsonNode reference = node.get("$ref");
        return reference == null ? node : document.at(reference.asString().substring(1));
    }
}
