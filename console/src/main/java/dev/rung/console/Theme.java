package dev.rung.console;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The colour theme; {@code AUTO} follows the browser. */
public enum Theme {
    AUTO,
    LIGHT,
    DARK;

    /** The value of the page's attribute and of the cookie. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Theme of(@Nullable String chosen) {
        for (Theme theme : values()) {
            if (theme.text().equals(chosen)) {
                return theme;
            }
        }
        return AUTO;
    }
}
