package dev.rung.console;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A language that the console speaks. */
public enum Language {
    ENGLISH("en", "English", Locale.ENGLISH),
    CHINESE("zh-CN", "简体中文", Locale.SIMPLIFIED_CHINESE);

    private final String tag;
    private final String ownName;
    private final Locale locale;

    Language(String tag, String ownName, Locale locale) {
        this.tag = tag;
        this.ownName = ownName;
        this.locale = locale;
    }

    /** As HTML's {@code lang} and the cookie say it. */
    public String tag() {
        return tag;
    }

    /** What its speakers call it. */
    public String ownName() {
        return ownName;
    }

    Locale locale() {
        return locale;
    }

    /**
     * The one to speak.
     *
     * @param chosen what the person chose before, if anything
     * @param accepted the browser's {@code Accept-Language}
     */
    static Language of(@Nullable String chosen, @Nullable String accepted) {
        for (Language language : values()) {
            if (language.tag.equals(chosen)) {
                return language;
            }
        }
        return accepted != null && prefersChinese(accepted) ? CHINESE : ENGLISH;
    }

    private static boolean prefersChinese(String accepted) {
        try {
            for (Locale.LanguageRange range : Locale.LanguageRange.parse(accepted)) {
                if (range.getRange().startsWith("zh")) {
                    return true;
                }
                if (range.getRange().startsWith("en")) {
                    return false;
                }
            }
        } catch (IllegalArgumentException e) {
            return false; // a browser that says nothing readable gets the default
        }
        return false;
    }
}
