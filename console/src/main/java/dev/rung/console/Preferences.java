package dev.rung.console;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.util.WebUtils;

/** The chosen language and theme, stored in cookies. */
@Lazy
@Controller
final class Preferences {
    static final String LANGUAGE_COOKIE = "rung_language";
    static final String THEME_COOKIE = "rung_theme";
    private static final Duration KEPT = Duration.ofDays(365);

    @PostMapping("/preferences")
    ModelAndView choose(Form form) {
        List<ResponseCookie> cookies = new ArrayList<>();
        form.text("language").ifPresent(tag -> {
            Language language = Language.of(tag, null);
            cookies.add(kept(LANGUAGE_COOKIE, language.tag()));
        });
        form.text("theme")
                .ifPresent(word -> cookies.add(kept(THEME_COOKIE, Theme.of(word).text())));
        return Views.redirect(Paths.local(form.shown("back")), cookies);
    }

    /** The value of a cookie; null if there is none. */
    static @Nullable String cookie(HttpServletRequest request, String name) {
        Cookie cookie = WebUtils.getCookie(request, name);
        return cookie == null ? null : cookie.getValue();
    }

    private static ResponseCookie kept(String name, String value) {
        return ResponseCookie.from(name, value)
                .path("/")
                .maxAge(KEPT)
                .httpOnly(true)
                .sameSite("Strict")
                .build();
    }
}
