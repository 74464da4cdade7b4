package dev.rung.console;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.WebUtils;

/** The cookies that keep the preferences of a browser, and how cookies are read. */
final class Cookies {
    static final String LANGUAGE = "rung_language";
    static final String THEME = "rung_theme";

    private Cookies() {}

    /** The value of a cookie; null if there is none. */
    static @Nullable String value(HttpServletRequest request, String name) {
        Cookie cookie = WebUtils.getCookie(request, name);
        return cookie == null ? null : cookie.getValue();
    }
}
