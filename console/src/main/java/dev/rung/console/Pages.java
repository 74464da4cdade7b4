package dev.rung.console;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The routing table of pages: method, path, permission, handler. Filled at start, then read-only. */
final class Pages {
    private final List<Page> all = new ArrayList<>();

    /** The permission that a page requires. */
    enum Permission {
        /** None; no sign-in needed. */
        PUBLIC,
        /** Viewer or operator. */
        VIEW,
        /** Operator. */
        CHANGE
    }

    /** Handles the requests of a page. Runs on a virtual thread and may block. */
    @FunctionalInterface
    interface Handler {
        /**
         * Handles a request.
         *
         * @throws dev.rung.web.ProblemException to respond with a problem page
         */
        PageResponse handle(PageRequest visit);
    }

    /**
     * A page.
     *
     * @param steps the segments of its path; variables in braces
     */
    record Page(String method, List<String> steps, Permission permission, Handler handler) {
        @Nullable Map<String, String> match(List<String> path) {
            if (path.size() != steps.size()) {
                return null;
            }
            Map<String, String> variables = new HashMap<>(4);
            for (int i = 0; i < path.size(); i++) {
                String step = steps.get(i);
                if (step.startsWith("{") && !path.get(i).isEmpty()) {
                    variables.put(step.substring(1, step.length() - 1), decoded(path.get(i)));
                } else if (!step.equals(path.get(i))) {
                    return null;
                }
            }
            return variables;
        }
    }

    /** A matching page, with the variables of its path. */
    record Found(Page page, Map<String, String> variables) {}

    Pages get(String path, Permission permission, Handler handler) {
        all.add(new Page("GET", steps(path), permission, handler));
        return this;
    }

    Pages post(String path, Permission permission, Handler handler) {
        all.add(new Page("POST", steps(path), permission, handler));
        return this;
    }

    /** Finds the first page that matches the raw, undecoded path. */
    @Nullable Found find(String method, String path) {
        List<String> steps = steps(path);
        for (Page page : all) {
            if (page.method().equals(method.equals("HEAD") ? "GET" : method)) {
                Map<String, String> variables = page.match(steps);
                if (variables != null) {
                    return new Found(page, variables);
                }
            }
        }
        return null;
    }

    private static List<String> steps(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    private static String decoded(String step) {
        try {
            return URLDecoder.decode(step.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return step; // matches no id and no name, so it is not found
        }
    }
}
