package dev.rung.console;

import dev.rung.web.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for a page as its handler sees it: who, in which language, which page, what was filled in.
 *
 * @param session null: nobody has signed in, and the page asks for nobody
 * @param query what stands behind the question mark
 * @param form what was sent; empty for a mere look
 */
record PageRequest(
        HttpServletRequest request,
        @Nullable ConsoleSession session,
        Language language,
        Theme theme,
        Map<String, String> variables,
        Form query,
        Form form) {

    /** Who signed in. Only where the page asks for somebody. */
    Caller caller() {
        if (session == null) {
            throw new IllegalStateException("the page " + request.getRequestURI() + " asks for nobody");
        }
        return session.caller();
    }

    boolean isOperator() {
        return session != null && session.isOperator();
    }

    /** A variable of the path, decoded. */
    String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the page has no variable " + name);
        }
        return value;
    }

    /** Whether only a part of the page is asked for. */
    boolean wantsPart() {
        return request.getHeader("HX-Request") != null && request.getHeader("HX-History-Restore-Request") == null;
    }

    /** Path and query, to come back to. */
    String address() {
        String text = request.getQueryString();
        return text == null ? request.getRequestURI() : request.getRequestURI() + "?" + text;
    }
}
