package dev.rung.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rung.spring.webhook.WebhookDialect;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Parameter;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class RungPropertiesTest {
    private static RungProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate("rung", RungProperties.class);
    }

    @Test
    void allHaveDefaultsButTheAddressAndTheKeys() {
        RungProperties properties = bind(Map.of());
        assertThat(properties.url()).isEmpty();
        assertThat(properties.apiKey()).isNull();
        assertThat(properties.outbox().batchSize()).isEqualTo(100);
        assertThat(properties.outbox().initializeSchema()).isEqualTo(RungProperties.InitializeSchema.EMBEDDED);
        assertThat(properties.webhook().dialect()).isEqualTo(WebhookDialect.STANDARD);
        assertThat(properties.webhook().secret()).isEmpty();
    }

    @Test
    void listsAreSeparatedByCommasAndSecretsAreNotShown() {
        RungProperties properties = bind(Map.of(
                "rung.url", "http://a:8080,http://b:8080",
                "rung.api-key", "the-key",
                "rung.timeout", "3s",
                "rung.webhook.secret", "whsec_a,whsec_b",
                "rung.webhook.dialect", "rsa2-form"));
        assertThat(properties.url()).containsExactly(URI.create("http://a:8080"), URI.create("http://b:8080"));
        assertThat(properties.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(properties.webhook().secret()).containsExactly("whsec_a", "whsec_b");
        assertThat(properties.webhook().dialect()).isEqualTo(WebhookDialect.RSA2_FORM);
        assertThat(properties.toString() + properties.webhook()).doesNotContain("the-key", "whsec_");
    }

    @Test
    void theMetadataDescribesEachWithItsDefault() throws IOException {
        Map<String, String> described = new TreeMap<>();
        try (InputStream in =
                RungProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            for (JsonNode property : new ObjectMapper().readTree(in).get("properties")) {
                described.put(
                        property.get("name").asText(),
                        property.path("defaultValue").asText(""));
            }
        }
        Map<String, String> bound = new TreeMap<>();
        collect("rung", RungProperties.class, bound);
        assertThat(described).isEqualTo(bound);
        assertThat(new TreeSet<>(described.keySet())).contains("rung.url", "rung.outbox.lease");
    }

    private static void collect(String prefix, Class<?> type, Map<String, String> found) {
        for (Parameter parameter : type.getDeclaredConstructors()[0].getParameters()) {
            String name = prefix + "."
                    + parameter.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            if (parameter.getType().isRecord()) {
                collect(name, parameter.getType(), found);
            } else {
                DefaultValue value = parameter.getAnnotation(DefaultValue.class);
                found.put(name, value == null ? "" : String.join(",", value.value()));
            }
        }
    }
}
