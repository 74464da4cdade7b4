package dev.rung.console;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Light or dark, or as the machine has it. */
public enum Theme {
    AUTO,
    LIGHT,
    DARK;

    /** As the page's attribute and the cookie say it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Theme of(@Nullable String chosen) {
        for (Theme theme : values()) {
            if (theme.word().equals(chosen)) {
                return theme;
            }
        }
        return AUTO;
    }
}
