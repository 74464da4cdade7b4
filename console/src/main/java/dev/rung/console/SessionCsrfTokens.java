package dev.rung.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.DefaultCsrfToken;

/** The CSRF token of a session is part of its sealed cookie. */
final class SessionCsrfTokens implements CsrfTokenRepository {
    private static final String HEADER = "X-CSRF-Token";
    private static final String PARAMETER = "csrf";

    @Override
    public @Nullable CsrfToken loadToken(HttpServletRequest request) {
        ConsoleSession session = PageArgumentResolver.session();
        return session == null ? null : new DefaultCsrfToken(HEADER, PARAMETER, session.csrf());
    }

    /** For requests without a session, which no token fits. */
    @Override
    public CsrfToken generateToken(HttpServletRequest request) {
        return new DefaultCsrfToken(HEADER, PARAMETER, UUID.randomUUID().toString());
    }

    @Override
    public void saveToken(@Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {
        // The token lives and ends with the session.
    }
}
