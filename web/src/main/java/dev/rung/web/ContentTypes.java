package dev.rung.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;

/** Checks the content type of request bodies. */
final class ContentTypes {
    /** The default of curl and others; such bodies are accepted and parsed as JSON. */
    private static final String SAID_BY_DEFAULT = "application/x-www-form-urlencoded";

    private ContentTypes() {}

    /**
     * Accepts JSON content types and a missing content type.
     *
     * @throws ProblemException with status 415
     */
    static void requireJson(HttpServletRequest request) {
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw Problem.unsupportedMediaType("Content encodings are not supported.")
                    .asException();
        }
        String type = request.getContentType();
        if (type != null && !isJson(type.toLowerCase(Locale.ROOT))) {
            throw Problem.unsupportedMediaType("The body must be application/json in UTF-8.")
                    .asException();
        }
    }

    private static boolean isJson(String type) {
        if (type.equals("application/json")) {
            return true; // fast path for the common case
        }
        String[] parts = type.split(";", -1);
        String media = parts[0].strip();
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().replace("\"", "");
            if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
                return false;
            }
        }
        return media.equals("application/json")
                || media.startsWith("application/") && media.endsWith("+json")
                || media.equals(SAID_BY_DEFAULT);
    }
}
