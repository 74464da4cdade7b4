package dev.rung.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A language of the console. */
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

    /** The value of HTML's {@code lang} and of the cookie. */
    public String tag() {
        return tag;
    }

    /** The language's name in the language itself. */
    public String ownName() {
        return ownName;
    }

    Locale locale() {
        return locale;
    }

    /** The language of a page: as chosen, or else as the browser prefers. */
    static Language of(HttpServletRequest request) {
        return of(Cookies.value(request, Cookies.LANGUAGE), request.getHeader("Accept-Language"));
    }

    /**
     * Chooses the language of a page.
     *
     * @param chosen the cookie; null if there is none
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
            return false; // an invalid header counts as none
        }
        return false;
    }
}
