package dev.rung.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;

/** Which bodies are read. */
final class ContentTypes {
    /** What curl and others say when nobody told them better; the body is judged as JSON all the same. */
    private static final String SAID_BY_DEFAULT = "application/x-www-form-urlencoded";

    private ContentTypes() {}

    /**
     * Lets through what is JSON by its content type, or says nothing about itself.
     *
     * @throws ProblemException with status 415
     */
    static void requireJson(HttpServletRequest request) {
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw Problem.unsupportedMediaType("Bodies are read without content encodings.")
                    .asException();
        }
        String type = request.getContentType();
        if (type != null && !isJson(type.toLowerCase(Locale.ROOT))) {
            throw Problem.unsupportedMediaType("Bodies are application/json, in UTF-8.")
                    .asException();
        }
    }

    private static boolean isJson(String type) {
        if (type.equals("application/json")) {
            return true; // the common case, without taking it apart
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
