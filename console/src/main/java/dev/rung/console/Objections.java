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
 * What the API objects to, in the visitor's language. The API speaks English only; its sentences stand among the console's English words, and whoever
 * finds one there knows what it is called in the others. A sentence that is not among them stays as it is. Immutable.
 */
final class Objections {
    /** What is wrong with a field, going on from its name; and whole sentences. */
    private static final List<String> GROUPS = List.of("wrong.", "problem.");

    private static final Pattern BLANK = Pattern.compile("\\{\\d}");

    private final ConsoleMessages words;
    private final List<Sentence> sentences = new ArrayList<>();

    /** What the API says, and the key of the words for it. */
    private record Sentence(String key, Pattern pattern) {
        /** The sentence said of something, if it is this one. */
        Optional<String> said(ConsoleMessages words, Language language, String english) {
            Matcher matcher = pattern.matcher(english);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            Object[] values = new Object[matcher.groupCount()];
            for (int i = 0; i < values.length; i++) {
                values[i] = matcher.group(i + 1);
            }
            return Optional.of(words.say(language, key, values));
        }
    }

    Objections(ConsoleMessages words) {
        this.words = words;
        for (String key : new TreeSet<>(words.all(Language.ENGLISH).stringPropertyNames())) {
            if (GROUPS.stream().anyMatch(key::startsWith)) {
                sentences.add(new Sentence(key, pattern(words.say(Language.ENGLISH, key))));
            }
        }
    }

    /** What is filled in, {0} before {1}, may be anything; the rest stands as it is, with apostrophes as the API writes them. */
    private static Pattern pattern(String sentence) {
        return Pattern.compile(Arrays.stream(BLANK.split(sentence.replace('’', '\''), -1))
                .map(Pattern::quote)
                .collect(Collectors.joining("(.*)")));
    }

    /** One sentence. */
    String say(Language language, String english) {
        if (language == Language.ENGLISH) {
            return english;
        }
        return sentences.stream()
                .flatMap(sentence -> sentence.said(words, language, english).stream())
                .findFirst()
                .orElse(english);
    }

    /**
     * Everything in one text.
     *
     * @param detail all of it, in English
     * @param errors what is wrong with single fields, by what they are called
     */
    String say(Language language, String detail, Map<String, String> errors) {
        return language == Language.ENGLISH || errors.isEmpty()
                ? say(language, detail)
                : errors.entrySet().stream()
                        .map(e -> words.say(language, "field.wrong", e.getKey(), say(language, e.getValue())))
                        .collect(Collectors.joining("; "));
    }
}
