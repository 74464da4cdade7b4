package dev.rung.console;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/** Postpones the idle end of a session when its user is active. Pages that refresh themselves do not count as use. */
final class SessionRenewalFilter extends OncePerRequestFilter {
    /** The part of a page that shows what a search has found. */
    private static final String SEARCH_RESULTS = "results";

    private final Sessions sessions;
    private final SessionCookies cookies;

    SessionRenewalFilter(Sessions sessions, SessionCookies cookies) {
        this.sessions = sessions;
        this.cookies = cookies;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        ConsoleSession session = PageArgumentResolver.session();
        if (session != null && isUse(request)) {
            sessions.renewed(session)
                    .ifPresent(cookie -> response.addHeader(
                            HttpHeaders.SET_COOKIE,
                            cookies.of(request, cookie, sessions.lifeOf(session))
                                    .toString()));
        }
        chain.doFilter(request, response);
    }

    private static boolean isUse(HttpServletRequest request) {
        String path = request.getRequestURI();
        boolean search = SEARCH_RESULTS.equals(request.getHeader("HX-Target"));
        boolean refreshed =
                request.getMethod().equals("GET") && Htmx.of(request).wantsPart() && !search;
        return !refreshed && !path.startsWith("/console/") && !path.equals("/sign-out");
    }
}
