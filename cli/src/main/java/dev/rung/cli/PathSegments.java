package dev.rung.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Percent-encodes a path segment. */
final class PathSegments {
    private PathSegments() {}

    static String of(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
