package dev.rung.console;

import org.springframework.context.support.ResourceBundleMessageSource;

/** The console's texts in all languages, by key. */
public final class ConsoleMessages extends ResourceBundleMessageSource {
    ConsoleMessages() {
        setBasename("console/messages");
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
}
