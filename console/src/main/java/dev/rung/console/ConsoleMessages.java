package dev.rung.console;

import java.util.List;
import java.util.Objects;
import java.util.ResourceBundle;
import org.springframework.context.support.ResourceBundleMessageSource;

/** The console's texts in all languages, by key. */
public final class ConsoleMessages extends ResourceBundleMessageSource {
    /** The prefix of the names of actions. */
    static final String AUDIT = "audit.";

    private static final String TEXTS = "console/messages";

    ConsoleMessages() {
        setBasename(TEXTS);
        setDefaultEncoding("UTF-8");
        setFallbackToSystemLocale(false);
    }

    /**
     * Formats a message.
     *
     * @param values the arguments {@code {0}}, {@code {1}} …
     * @throws org.springframework.context.NoSuchMessageException if there is none
     */
    public String get(Language language, String key, Object... values) {
        return getMessage(key, values, language.locale());
    }

    /** Whether there are messages for it. */
    boolean has(String key) {
        return getMessage(key, null, null, Language.ENGLISH.locale()) != null;
    }

    /** The actions of the audit log that have a name, in order. */
    List<String> auditActions() {
        ResourceBundle texts = Objects.requireNonNull(getResourceBundle(TEXTS, Language.ENGLISH.locale()));
        return texts.keySet().stream()
                .filter(key -> key.startsWith(AUDIT) && key.indexOf('.', AUDIT.length()) > 0)
                .map(key -> key.substring(AUDIT.length()))
                .sorted()
                .toList();
    }
}
