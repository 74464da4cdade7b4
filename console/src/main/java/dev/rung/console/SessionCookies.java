package dev.rung.console;

import dev.rung.web.CallerAuthentication;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.ResponseCookie;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.context.HttpRequestResponseHolder;
import org.springframework.security.web.context.SecurityContextRepository;

/** The sealed cookie that is the whole session: no server keeps it. {@link SignIn} writes it. */
final class SessionCookies implements SecurityContextRepository {
    private static final String COOKIE = "rung_session";

    private final Sessions sessions;
    private final boolean tls;

    SessionCookies(Sessions sessions, ConsoleSettings settings) {
        this.sessions = sessions;
        this.tls = settings.tls();
    }

    /** The name of the cookie. Browsers share cookies between the ports of a host, so the name contains the port. */
    private String name(HttpServletRequest request) {
        return tls ? "__Host-" + COOKIE : COOKIE + "_" + request.getServerPort();
    }

    /**
     * A cookie for the browser.
     *
     * @param life zero to remove it
     */
    ResponseCookie of(HttpServletRequest request, String sealed, Duration life) {
        return ResponseCookie.from(name(request), sealed)
                .path("/")
                .maxAge(life)
                .httpOnly(true)
                .sameSite("Strict")
                .secure(tls)
                .build();
    }

    private Optional<ConsoleSession> session(HttpServletRequest request) {
        return Optional.ofNullable(Cookies.value(request, name(request))).flatMap(sessions::open);
    }

    @Override
    @SuppressWarnings("deprecation") // the only abstract way to load; the default of loadDeferredContext calls it
    public SecurityContext loadContext(HttpRequestResponseHolder holder) {
        return session(holder.getRequest())
                .map(SessionCookies::contextOf)
                .orElseGet(SecurityContextHolder::createEmptyContext);
    }

    private static SecurityContext contextOf(ConsoleSession session) {
        CallerAuthentication user = new CallerAuthentication(session.caller());
        user.setDetails(session);
        return new SecurityContextImpl(user);
    }

    @Override
    public void saveContext(SecurityContext context, HttpServletRequest request, HttpServletResponse response) {
        // The cookie was written at the sign-in.
    }

    @Override
    public boolean containsContext(HttpServletRequest request) {
        return Cookies.value(request, name(request)) != null;
    }
}
