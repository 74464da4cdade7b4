package dev.rung.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.payments.channel.AccountMember;
import dev.rung.payments.channel.ChannelType;
import dev.rung.settings.ChannelTypes;
import dev.rung.settings.Setting;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code docs/settings.md} and its Chinese version are what the code says. {@code -Dwrite-docs=true} writes them. */
class SettingsReferenceTest {
    private static final Path DOCS = Path.of("..", "docs");

    /** The first setting of each section. */
    private static final Map<String, String> SECTIONS = new LinkedHashMap<>(Map.of(
            "port", "section.listen",
            "data-dir", "section.storage",
            "rabbitmq-uri", "section.queue",
            "api-key", "section.access",
            "allow-targets", "section.delivery",
            "drain-delay", "section.operation"));

    enum Language {
        ENGLISH("settings.md", "/docs/settings_en.properties"),
        CHINESE("settings.zh-CN.md", "/docs/settings_zh.properties");

        private final String file;
        private final String texts;

        Language(String file, String texts) {
            this.file = file;
            this.texts = texts;
        }
    }

    private static Properties texts(Language language) {
        Properties texts = new Properties();
        try (Reader in = new InputStreamReader(
                Objects.requireNonNull(SettingsReferenceTest.class.getResourceAsStream(language.texts)),
                StandardCharsets.UTF_8)) {
            texts.load(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return texts;
    }

    private static List<ChannelType> channels() {
        return ChannelTypes.onClassPath().all().stream()
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .toList();
    }

    /** The settings that no channel type adds. */
    private static List<Setting> ofTheServer() {
        Set<String> ofChannels = new TreeSet<>();
        for (ChannelType type : channels()) {
            ofChannels.add(Setting.ofType(type).key());
            type.members()
                    .forEach(member ->
                            ofChannels.add(Setting.ofMember(type, member).key()));
        }
        return Setting.all(ChannelTypes.onClassPath()).stream()
                .filter(setting -> !ofChannels.contains(setting.key()))
                .toList();
    }

    private static String meaning(Properties texts, Language language, String key, String english) {
        String found = language == Language.ENGLISH ? english : texts.getProperty(key, "");
        return found.replace("|", "\\|");
    }

    private static String reference(Language language) {
        Properties texts = texts(language);
        StringBuilder page = new StringBuilder(texts.getProperty("head")).append('\n');
        for (Setting setting : ofTheServer()) {
            String section = SECTIONS.get(setting.key());
            if (section != null) {
                page.append("\n## ")
                        .append(texts.getProperty(section))
                        .append("\n\n")
                        .append(texts.getProperty("columns"));
            }
            page.append("| ")
                    .append(setting.hasFlag() ? "`" + setting.flag() + "`" : "–")
                    .append(" | `")
                    .append(setting.variable())
                    .append("` | ")
                    .append(setting.defaultText()
                            .filter(text -> !text.isEmpty())
                            .map(text -> "`" + text + "`")
                            .orElse("–"))
                    .append(" | ")
                    .append(meaning(texts, language, setting.key(), setting.meaning()))
                    .append(" |\n");
        }
        page.append("\n## ")
                .append(texts.getProperty("section.channels"))
                .append("\n\n")
                .append(texts.getProperty("channels"));
        for (ChannelType type : channels()) {
            page.append("\n### `").append(type.name()).append("`\n\n").append(texts.getProperty("columns.channel"));
            for (AccountMember member : type.members()) {
                page.append("| `")
                        .append(member.settingName())
                        .append("` | `")
                        .append(Setting.ofMember(type, member).flag())
                        .append("` | ")
                        .append(
                                member.required()
                                        ? texts.getProperty("required")
                                        : member.defaultText() == null ? "–" : "`" + member.defaultText() + "`")
                        .append(" | ")
                        .append(meaning(texts, language, type.name() + "." + member.name(), member.description()))
                        .append(" |\n");
            }
            if (type.existsOnLoopback()) {
                page.append("\n")
                        .append(texts.getProperty("switch").replace("{}", type.name()))
                        .append('\n');
            }
        }
        return page.toString();
    }

    @ParameterizedTest
    @EnumSource
    void theReferenceIsWhatTheCodeSays(Language language) throws IOException {
        Path file = DOCS.resolve(language.file);
        if (Boolean.getBoolean("write-docs")) {
            Files.writeString(file, reference(language));
        }
        assertThat(file)
                .as("renew it: ./mvnw test -pl server -am -Dtest=SettingsReferenceTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dwrite-docs=true")
                .hasContent(reference(language));
    }

    @Test
    void everySettingHasAChineseText() {
        List<String> wanted = new ArrayList<>();
        ofTheServer().forEach(setting -> wanted.add(setting.key()));
        for (ChannelType type : channels()) {
            type.members().forEach(member -> wanted.add(type.name() + "." + member.name()));
        }
        Set<String> given = texts(Language.CHINESE).stringPropertyNames().stream()
                .filter(key -> !texts(Language.ENGLISH).containsKey(key))
                .collect(Collectors.toSet());
        assertThat(given).as("in settings_zh.properties").containsExactlyInAnyOrderElementsOf(wanted);
    }
}
