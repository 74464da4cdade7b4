package dev.rung.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The jar has the bill of its materials. */
class SbomIT {
    @Test
    void theJarListsItsLibrariesWithTheirVersions() throws IOException {
        try (JarFile jar = new JarFile(System.getProperty("rung.jar"))) {
            ZipEntry entry = jar.stream()
                    .filter(e -> e.getName().endsWith("META-INF/sbom/application.cdx.json"))
                    .findFirst()
                    .orElseThrow();
            try (InputStream in = jar.getInputStream(entry)) {
                JsonNode bom = new ObjectMapper().readTree(in);
                assertThat(bom.get("bomFormat").asString()).isEqualTo("CycloneDX");
                assertThat(bom.get("components")
                                .valueStream()
                                .map(c -> c.get("purl").asString()))
                        .anyMatch(purl -> purl.startsWith("pkg:maven/org.apache.tomcat.embed/tomcat-embed-core@11."))
                        .anyMatch(purl -> purl.startsWith("pkg:maven/dev.rung/rung-core@"))
                        .noneMatch(purl -> purl.contains("junit"));
            }
        }
    }
}
