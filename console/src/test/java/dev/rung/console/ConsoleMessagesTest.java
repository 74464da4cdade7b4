package dev.rung.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.DeliveryState;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Signing;
import dev.rung.payments.model.ChangeSource;
import dev.rung.payments.model.DiscrepancyKind;
import dev.rung.payments.model.PaymentState;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConsoleMessagesTest {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\d}");
    private static final Pattern USED = Pattern.compile("#\\{([a-z_0-9.]+)");

    private static final Pattern ACTION = Pattern.compile("audit\\.write\\([^\"]{0,80}\"([a-z_]+\\.[a-z_]+)\"");

    private final ConsoleMessages messages = new ConsoleMessages();

    @Test
    void everyLanguageSaysTheSameThings() {
        Set<String> english = new TreeSet<>(all(Language.ENGLISH).stringPropertyNames());
        for (Language language : Language.values()) {
            assertThat(new TreeSet<>(all(language).stringPropertyNames()))
                    .as(language.tag())
                    .isEqualTo(english);
        }
    }

    @Test
    void everyLanguageFillsInTheSame() {
        for (String key : all(Language.ENGLISH).stringPropertyNames()) {
            assertThat(placeholders(all(Language.CHINESE).getProperty(key)))
                    .as(key)
                    .isEqualTo(placeholders(all(Language.ENGLISH).getProperty(key)));
        }
    }

    @Test
    void noApostropheSwallowsWhatFollows() {
        for (Language language : Language.values()) {
            assertThat(all(language).values())
                    .allSatisfy(text -> assertThat(text.toString()).doesNotContain("'"));
        }
    }

    @Test
    void whatTemplatesSayThereAreWordsFor() throws IOException {
        try (Stream<Path> templates = Files.walk(Path.of("src/main/resources/console/templates"))) {
            templates.filter(Files::isRegularFile).forEach(this::checkWords);
        }
    }

    private void checkWords(Path template) {
        try {
            Matcher used = USED.matcher(Files.readString(template));
            while (used.find()) {
                assertThat(messages.has(used.group(1)))
                        .as(template + " says " + used.group(1))
                        .isTrue();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyActionOfTheAuditLogHasAName() throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("../api/src/main/java"))) {
            Set<String> actions = new TreeSet<>();
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                Matcher action = ACTION.matcher(Files.readString(source));
                while (action.find()) {
                    actions.add("audit." + action.group(1));
                }
            }
            assertThat(actions).hasSizeGreaterThan(10).allMatch(messages::has);
        }
    }

    @Test
    void everyStateKindAndDeedHasAName() {
        Set<String> named = new TreeSet<>();
        for (PaymentState state : PaymentState.values()) {
            named.addAll(Set.of("paid." + state.text(), "order." + state.text()));
        }
        for (DeliveryState state : DeliveryState.values()) {
            named.addAll(Set.of("state." + state.text(), "order.notified." + state.text()));
        }
        for (DiscrepancyKind kind : DiscrepancyKind.values()) {
            named.addAll(Set.of("discrepancy." + kind.text(), "discrepancy.means." + kind.text()));
        }
        for (ChangeSource source : ChangeSource.values()) {
            named.add("timeline." + source.text());
        }
        for (Outcome outcome : Outcome.values()) {
            named.add("outcome." + outcome.text());
        }
        for (Acknowledgement acknowledgement : Acknowledgement.values()) {
            named.add("acknowledge." + acknowledgement.text());
        }
        for (Signing signing :
                List.of(Signing.HMAC, Signing.ED25519, Signing.RSA2_FORM, Signing.MD5_FORM, Signing.HMAC_HEX)) {
            named.add("signing." + signing.text());
        }
        assertThat(all(Language.ENGLISH).stringPropertyNames()).containsAll(named);
    }

    private static Properties all(Language language) {
        String name = "/console/messages_" + language.locale().getLanguage() + ".properties";
        Properties texts = new Properties();
        try (Reader in =
                new InputStreamReader(ConsoleMessagesTest.class.getResourceAsStream(name), StandardCharsets.UTF_8)) {
            texts.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }

    private static Set<String> placeholders(String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = PLACEHOLDER.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }
}
