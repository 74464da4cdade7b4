package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.server.fixture.OpenApi;
import dev.rung.web.Access;
import dev.rung.web.ApiRoute;
import dev.rung.web.RouteTable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class OpenApiTest {
    private static final OpenApi OPEN_API = new OpenApi(read());

    /** The table of routes; no route is called here. */
    @SuppressWarnings("NullAway")
    private static final RouteTable ROUTES = ApiRoutes.routes(new ApiDependencies(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null, null, "test"));

    private static JsonNode read() {
        try (InputStream in = OpenApiTest.class.getResourceAsStream("/openapi.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void describesEveryCallAndNoOther() {
        Set<String> routed = new TreeSet<>();
        for (ApiRoute route : ROUTES.all()) {
            routed.add(route.method() + " " + route.path());
        }
        Set<String> described = new TreeSet<>();
        operations().forEach((name, operation) -> described.add(name));
        assertThat(described).isEqualTo(routed);
    }

    @Test
    void everyExampleIsOfItsSchema() {
        List<String> wrong = new ArrayList<>();
        int examples = examples("", OPEN_API.document(), wrong);
        assertThat(wrong).isEmpty();
        assertThat(examples).isGreaterThan(40);
    }

    private static int examples(String path, JsonNode node, List<String> wrong) {
        int count = 0;
        if (node.has("schema") && node.has("example")) {
            count++;
            for (String violation : OPEN_API.violations(node.get("schema"), node.get("example"))) {
                wrong.add(path + ": " + violation);
            }
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            count += examples(path + "/" + member.getKey(), member.getValue(), wrong);
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            count += examples(path + "/" + i, node.get(i), wrong);
        }
        return count;
    }

    @Test
    void everyReferenceLeadsSomewhereAndEverySchemaIsUsed() {
        Set<String> used = new TreeSet<>();
        references(OPEN_API.document(), used);
        assertThat(used)
                .allSatisfy(reference -> assertThat(
                                OPEN_API.document().at(reference.substring(1)).isMissingNode())
                        .isFalse());
        for (String kind : List.of("schemas", "responses", "parameters")) {
            OPEN_API.document()
                    .at("/components/" + kind)
                    .propertyStream()
                    .forEach(each -> assertThat(used).contains("#/components/" + kind + "/" + each.getKey()));
        }
    }

    private static void references(JsonNode node, Set<String> used) {
        if (node.has("$ref")) {
            used.add(node.get("$ref").asString());
        }
        node.forEach(child -> references(child, used));
    }

    @Test
    void everyCallThatNeedsAKeySaysWhatItAnswersWithoutOne() {
        operations().forEach((name, operation) -> {
            boolean open =
                    operation.has("security") && operation.get("security").isEmpty();
            assertThat(operation.get("responses").has("401")).as(name).isNotEqualTo(open);
        });
    }

    @Test
    void whoMayIsWhatTheTableSays() {
        for (ApiRoute route : ROUTES.all()) {
            JsonNode operation = operations().get(route.method() + " " + route.path());
            boolean open =
                    operation.has("security") && operation.get("security").isEmpty();
            assertThat(open).as(route.path()).isEqualTo(route.access() == Access.OPEN);
            assertThat(operation).isNotNull();
            if (route.access() == Access.CHANGE) {
                assertThat(operation.at("/responses").has("403"))
                        .as(route.path())
                        .isTrue();
            }
        }
    }

    private static Map<String, JsonNode> operations() {
        Map<String, JsonNode> operations = new java.util.TreeMap<>();
        for (Map.Entry<String, JsonNode> path : OPEN_API.document().get("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                operations.put(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), operation.getValue());
            }
        }
        return operations;
    }
}
