package dev.rung.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Translates the API's error messages. The API answers in English only; each of its messages is also an English console message, whose key leads to
 * the other languages. A message without a key is returned unchanged. Immutable.
 */
final class ApiErrorTranslator {
    /** Prefixes of the keys: errors of a field, and problem details. */
    private static final List<String> GROUPS = List.of("wrong.", "problem.");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\d}");

    private final ConsoleMessages messages;
    private final List<KnownMessage> knownMessages = new ArrayList<>();

    /** A message of the API as a pattern, with its key. */
    private record KnownMessage(String key, Pattern pattern) {
        /** The translation, if the text matches. */
        Optional<String> translate(ConsoleMessages messages, Language language, String english) {
            Matcher matcher = pattern.matcher(english);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            Object[] values = new Object[matcher.groupCount()];
            for (int i = 0; i < values.length; i++) {
                values[i] = matcher.group(i + 1);
            }
            return Optional.of(messages.get(language, key, values));
        }
    }

    ApiErrorTranslator(ConsoleMessages messages) {
        this.messages = messages;
        for (String key : new TreeSet<>(messages.all(Language.ENGLISH).stringPropertyNames())) {
            if (GROUPS.stream().anyMatch(key::startsWith)) {
                knownMessages.add(new KnownMessage(key, pattern(messages.get(Language.ENGLISH, key))));
            }
        }
    }

    /** Arguments match any text; the rest matches literally, with ASCII apostrophes as in the API's messages. */
    private static Pattern pattern(String known) {
        return Pattern.compile(Arrays.stream(PLACEHOLDER.split(known.replace('’', '\''), -1))
                .map(Pattern::quote)
                .collect(Collectors.joining("(.*)")));
    }

    /** Translates one message. */
    String translate(Language language, String english) {
        if (language == Language.ENGLISH) {
            return english;
        }
        return knownMessages.stream()
                .flatMap(known -> known.translate(messages, language, english).stream())
                .findFirst()
                .orElse(english);
    }

    /**
     * Translates a problem into one text.
     *
     * @param detail the problem's detail, in English
     * @param errors error messages by field name
     */
    String translate(Language language, String detail, Map<String, String> errors) {
        return language == Language.ENGLISH || errors.isEmpty()
                ? translate(language, detail)
                : errors.entrySet().stream()
                        .map(e -> messages.get(language, "field.wrong", e.getKey(), translate(language, e.getValue())))
                        .collect(Collectors.joining("; "));
    }
}
