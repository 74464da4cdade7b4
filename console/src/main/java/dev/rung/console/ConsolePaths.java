package dev.rung.console;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;

/** The paths of the console: those that its security protects. A page at another path is refused, because no rule names it. */
final class ConsolePaths {
    static final String[] ALL = {
        "/",
        "/sign-in/**",
        "/sign-out",
        "/preferences",
        "/console/**",
        "/notifications/**",
        "/orders/**",
        "/merchants/**",
        "/ladders/**",
        "/channels/**",
        "/resend/**",
        "/payments/**",
        "/discrepancies/**",
        "/approvals/**",
        "/reconciliations/**",
        "/alerts/**",
        "/keys/**",
        "/rejected/**",
        "/audit/**"
    };

    private ConsolePaths() {}

    /** The path that the browser asked for, also where the request was forwarded to a page of a problem. */
    static String path(HttpServletRequest request) {
        return request.getAttribute(RequestDispatcher.FORWARD_REQUEST_URI) instanceof String original
                ? original
                : request.getRequestURI();
    }

    /** Path and query. */
    static String address(HttpServletRequest request) {
        String query = request.getQueryString();
        return query == null ? path(request) : path(request) + "?" + query;
    }
}
