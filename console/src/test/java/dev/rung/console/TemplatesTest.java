package dev.rung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TemplatesTest {
    private static final Path TEMPLATES = Path.of("src/main/resources/console/templates");
    private static final Pattern TAG = Pattern.compile("<[a-z](?:[^>\"]|\"[^\"]*\")*>");

    /** Thymeleaf replaces a tag before it looks at its condition, which has no effect then. */
    @Test
    void noTagThatIsReplacedHasACondition() throws IOException {
        List<String> wrong = new ArrayList<>();
        try (var files = Files.list(TEMPLATES)) {
            for (Path file : files.toList()) {
                Matcher tags = TAG.matcher(Files.readString(file));
                while (tags.find()) {
                    if (tags.group().matches("(?s).*\\sth:(replace|insert)=.*")
                            && tags.group().matches("(?s).*\\sth:(if|unless)=.*")) {
                        wrong.add(file.getFileName() + ": " + tags.group());
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }
}
