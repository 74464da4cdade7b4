package dev.rung.console;

import dev.rung.web.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for a page, parsed.
 *
 * @param session null if not signed in, on public pages only
 * @param variables of the path
 * @param query the query parameters
 * @param form the submitted form; empty for GET
 */
record PageRequest(
        HttpServletRequest request,
        @Nullable ConsoleSession session,
        Language language,
        Theme theme,
        Map<String, String> variables,
        Form query,
        Form form) {

    /** The signed-in caller; not on public pages. */
    Caller caller() {
        if (session == null) {
            throw new IllegalStateException("the page " + request.getRequestURI() + " is public and has no caller");
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

    /** Whether htmx requests only a fragment of the page. */
    boolean wantsPart() {
        return request.getHeader("HX-Request") != null && request.getHeader("HX-History-Restore-Request") == null;
    }

    /** Path and query. */
    String address() {
        String text = request.getQueryString();
        return text == null ? request.getRequestURI() : request.getRequestURI() + "?" + text;
    }
}
