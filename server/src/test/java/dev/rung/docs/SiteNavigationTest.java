package dev.rung.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The navigation of the documentation site leads to every document. */
class SiteNavigationTest {
    private static List<String> entries(String language) throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readString(Documents.file("docs/site/navigation.json")))
                .get(language)
                .valueStream()
                .flatMap(JsonNode::valueStream)
                .map(JsonNode::asString)
                .toList();
    }

    @Test
    void bothLanguagesHaveTheSameEntriesAndEachExists() throws IOException {
        assertThat(entries("en"))
                .hasSizeGreaterThan(20)
                .doesNotHaveDuplicates()
                .isEqualTo(entries("zh"))
                .allMatch(entry -> Files.exists(Documents.file(entry)));
    }

    @Test
    void everyDocumentIsInASection() throws IOException {
        List<String> entries = entries("en");
        Path docs = Documents.file("docs");
        List<String> missing = Documents.all().stream()
                .filter(file -> file.startsWith(docs) && !file.startsWith(docs.resolve("site")))
                .map(file -> "docs/" + docs.relativize(file).toString().replaceFirst("\\.zh-CN\\.md$", ".md"))
                .filter(name -> !entries.contains(name) && !entries.contains(name.substring(0, name.lastIndexOf('/'))))
                .toList();
        assertThat(missing).isEmpty();
    }
}
