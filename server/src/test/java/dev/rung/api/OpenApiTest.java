package dev.rung.api;

import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.rung.server.fixture.OpenApi;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OpenApiTest {
    private static final OpenApi OPEN_API = new OpenApi(read());

    private static JsonNode read() {
        try (InputStream in = OpenApiTest.class.getResourceAsStream("/openapi.json")) {
            return JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build()
                    .readTree(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void describesEveryCallAndNoOther() {
        assertThat(operations().keySet()).isEqualTo(mapped());
    }

    /** The methods and paths of all controllers and of the intake; a path with a slash at its end is described without it. */
    private static Set<String> mapped() {
        Set<String> mapped = new TreeSet<>(Set.of("POST " + IntakeFilter.ONE, "POST " + IntakeFilter.BATCH));
        JavaClasses classes = new ClassFileImporter().importPackages("dev.rung.api");
        for (JavaClass controller : classes.that(annotatedWith(RestController.class))) {
            Class<?> type = controller.reflect();
            RequestMapping base = AnnotatedElementUtils.findMergedAnnotation(type, RequestMapping.class);
            for (Method method : type.getDeclaredMethods()) {
                RequestMapping own = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
                if (own != null) {
                    String prefix = base == null ? "" : base.path()[0];
                    for (String path : own.path().length == 0 ? new String[] {""} : own.path()) {
                        mapped.add(own.method()[0] + " " + (prefix + path).replaceAll("/$", ""));
                    }
                }
            }
        }
        mapped.removeIf(call -> call.startsWith("GET /docs"));
        return mapped;
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
