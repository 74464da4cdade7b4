package dev.rung.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;

/** The chosen language and theme, stored in cookies. */
@Lazy
@Controller
final class Preferences {
    private static final Duration KEPT = Duration.ofDays(365);

    @PostMapping("/preferences")
    ModelAndView choose(Form form) {
        List<ResponseCookie> cookies = new ArrayList<>();
        form.text("language").ifPresent(tag -> {
            Language language = Language.of(tag, null);
            cookies.add(kept(Cookies.LANGUAGE, language.tag()));
        });
        form.text("theme")
                .ifPresent(
                        word -> cookies.add(kept(Cookies.THEME, Theme.of(word).text())));
        return Views.redirect(Paths.local(form.shown("back")), cookies);
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
