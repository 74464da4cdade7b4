package dev.rung.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/** What the console says, in every language. Immutable. */
public final class ConsoleMessages {
    private final Map<Language, Properties> byLanguage = new EnumMap<>(Language.class);

    ConsoleMessages() {
        for (Language language : Language.values()) {
            byLanguage.put(language, read("/console/words_" + language.locale().getLanguage() + ".properties"));
        }
    }

    private static Properties read(String name) {
        try (InputStream in = ConsoleMessages.class.getResourceAsStream(name)) {
            Properties words = new Properties();
            words.load(new InputStreamReader(
                    Objects.requireNonNull(in, () -> name + " is missing from the class path"),
                    StandardCharsets.UTF_8));
            return words;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that is said in a language, by key. */
    Properties all(Language language) {
        return Objects.requireNonNull(byLanguage.get(language));
    }

    /**
     * Says something.
     *
     * @param values for {@code {0}}, {@code {1}} …
     */
    public String say(Language language, String key, Object... values) {
        String pattern = all(language).getProperty(key);
        if (pattern == null) {
            throw new IllegalArgumentException("the console has no words for " + key);
        }
        return values.length == 0 ? pattern : new MessageFormat(pattern, language.locale()).format(values);
    }

    /** Whether there are words for it. */
    boolean has(String key) {
        return all(Language.ENGLISH).containsKey(key);
    }
}
