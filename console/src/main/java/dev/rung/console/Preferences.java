package dev.rung.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The chosen language and theme, stored in cookies. */
final class Preferences {
    static final String LANGUAGE_COOKIE = "rung_language";
    static final String THEME_COOKIE = "rung_theme";
    private static final Duration KEPT = Duration.ofDays(365);

    private Preferences() {}

    /** {@code POST /preferences} */
    static PageResponse choose(PageRequest visit) {
        List<String> cookies = new ArrayList<>();
        visit.form().text("language").ifPresent(tag -> {
            Language language = Language.of(tag, null);
            cookies.add(cookie(LANGUAGE_COOKIE, language.tag()));
        });
        visit.form()
                .text("theme")
                .ifPresent(
                        word -> cookies.add(cookie(THEME_COOKIE, Theme.of(word).text())));
        return new PageResponse.Redirect(Paths.local(visit.form().shown("back")), cookies);
    }

    private static String cookie(String name, String value) {
        return name + "=" + value + "; Path=/; Max-Age=" + KEPT.toSeconds() + "; HttpOnly; SameSite=Strict";
    }
}
