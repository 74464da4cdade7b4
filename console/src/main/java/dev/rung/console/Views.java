package dev.rung.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.web.servlet.ModelAndView;

/** The results of pages: a template, a redirect, plain text, or nothing new. */
final class Views {
    /** htmx stops polling at this status. */
    private static final int STOP_POLLING = 286;

    private Views() {}

    /**
     * A page, or a fragment of one.
     *
     * @param template its name, or {@code template :: fragment}
     */
    static ModelAndView page(String template, Map<String, Object> model) {
        return new ModelAndView(template, model);
    }

    static ModelAndView page(int status, String template, Map<String, Object> model) {
        return new ModelAndView(template, model, HttpStatusCode.valueOf(status));
    }

    /** Redirects after a form (303); for htmx, makes it load the whole page. */
    static ModelAndView redirect(String location) {
        return redirect(location, List.of());
    }

    static ModelAndView redirect(String location, List<ResponseCookie> cookies) {
        return new ModelAndView((model, request, response) -> {
            cookies.forEach(cookie -> response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString()));
            sendRedirect(request, response, location);
        });
    }

    static void sendRedirect(HttpServletRequest request, HttpServletResponse response, String location) {
        if (Htmx.of(request).wantsPart()) {
            response.setHeader("HX-Redirect", location);
            response.setStatus(HttpServletResponse.SC_OK);
        } else {
            response.setStatus(HttpServletResponse.SC_SEE_OTHER);
            response.setHeader(HttpHeaders.LOCATION, location);
        }
    }

    static ModelAndView text(String text) {
        return new ModelAndView((model, request, response) -> write(response, "text/plain; charset=utf-8", text));
    }

    static void write(HttpServletResponse response, String contentType, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        response.setContentType(contentType);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /**
     * Nothing has changed since the last poll; htmx keeps what it has.
     *
     * @param over whether it is final, so that polling stops
     */
    static ModelAndView unchanged(boolean over) {
        return new ModelAndView((model, request, response) ->
                response.setStatus(over ? STOP_POLLING : HttpServletResponse.SC_NO_CONTENT));
    }
}
