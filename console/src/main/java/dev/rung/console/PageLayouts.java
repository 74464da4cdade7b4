package dev.rung.console;

import dev.rung.api.ApiVersion;
import dev.rung.core.model.MerchantId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;

/** Adds the {@link PageLayout} and the {@link PageFormat} to the models of pages. */
@Lazy
@Component
final class PageLayouts implements HandlerInterceptor {
    private final ConsoleMessages messages;
    private final MerchantNames names;
    private final Assets assets;
    private final ApiVersion version;
    private final InstantSource clock;

    PageLayouts(ConsoleMessages messages, MerchantNames names, Assets assets, ApiVersion version, InstantSource clock) {
        this.messages = messages;
        this.names = names;
        this.assets = assets;
        this.version = version;
        this.clock = clock;
    }

    @Override
    public void postHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable ModelAndView page) {
        if (page != null && page.isReference()) {
            addTo(page, request);
        }
    }

    void addTo(ModelAndView page, HttpServletRequest request) {
        Language language = Language.of(request);
        ConsoleSession session = PageArgumentResolver.session();
        MerchantId merchant = session == null ? null : session.caller().merchant();
        String path = ConsolePaths.path(request);
        int end = path.indexOf('/', 1);
        page.addObject("f", PageFormat.of(language));
        page.addObject(
                "v",
                new PageLayout(
                        language,
                        Theme.of(Cookies.value(request, Cookies.THEME)),
                        session != null,
                        session != null && session.isOperator(),
                        session == null ? "" : session.caller().role().text(),
                        merchant == null ? "" : merchant.toString(),
                        merchant == null ? "" : names.name(merchant),
                        session == null ? "" : session.csrf(),
                        ConsolePaths.address(request),
                        merchant == null ? section(end < 0 ? path : path.substring(0, end)) : ownSection(path, end),
                        Form.parse(request.getQueryString())
                                .text("done")
                                .map(what -> "done." + what)
                                .filter(messages::has)
                                .orElse(""),
                        assets,
                        version.text(),
                        clock.millis()));
    }

    /** The navigation entry of a page in a merchant's portal. */
    private static String ownSection(String path, int end) {
        return path.startsWith("/merchants/") ? path : section(end < 0 ? path : path.substring(0, end));
    }

    /** The navigation entry of a page. */
    private static String section(String first) {
        return switch (first) {
            case "/orders" -> "/payments";
            case "/resend" -> "/notifications";
            default -> first;
        };
    }
}
