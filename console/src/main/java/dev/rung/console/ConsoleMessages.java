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

/** The console's texts in all languages, by key. Immutable. */
public final class ConsoleMessages {
    private final Map<Language, Properties> byLanguage = new EnumMap<>(Language.class);

    ConsoleMessages() {
        for (Language language : Language.values()) {
            byLanguage.put(
                    language, read("/console/messages_" + language.locale().getLanguage() + ".properties"));
        }
    }

    private static Properties read(String name) {
        try (InputStream in = ConsoleMessages.class.getResourceAsStream(name)) {
            Properties properties = new Properties();
            properties.load(new InputStreamReader(
                    Objects.requireNonNull(in, () -> name + " is missing from the class path"),
                    StandardCharsets.UTF_8));
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All messages of a language, by key. */
    Properties all(Language language) {
        return Objects.requireNonNull(byLanguage.get(language));
    }

    /**
     * Formats a message.
     *
     * @param values the arguments {@code {0}}, {@code {1}} …
     */
    public String get(Language language, String key, Object... values) {
        String pattern = all(language).getProperty(key);
        if (pattern == null) {
            throw new IllegalArgumentException("no console message for the key " + key);
        }
        return values.length == 0 ? pattern : new MessageFormat(pattern, language.locale()).format(values);
    }

    /** Whether there are messages for it. */
    boolean has(String key) {
        return all(Language.ENGLISH).containsKey(key);
    }
}
