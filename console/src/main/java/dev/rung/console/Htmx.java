package dev.rung.console;

import jakarta.servlet.http.HttpServletRequest;

/**
 * What htmx says about a request.
 *
 * @param wantsPart whether it wants only a fragment of the page
 */
record Htmx(boolean wantsPart) {
    static Htmx of(HttpServletRequest request) {
        return new Htmx(
                request.getHeader("HX-Request") != null && request.getHeader("HX-History-Restore-Request") == null);
    }
}
