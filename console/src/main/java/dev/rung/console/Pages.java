package dev.rung.console;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table of pages: method, path, who may, what answers. Filled once, then only read. */
final class Pages {
    private final List<Page> all = new ArrayList<>();

    /** Who may see a page or do what it does. */
    enum May {
        /** Anyone, signed in or not. */
        ANYONE,
        /** The operator and the viewer. */
        LOOK,
        /** The operator. */
        CHANGE
    }

    /** Answers one kind of visit. Runs on a virtual thread and may block. */
    @FunctionalInterface
    interface Handler {
        /**
         * Answers.
         *
         * @throws dev.rung.web.ProblemException to answer with a page that says what is wrong
         */
        PageResponse handle(PageRequest visit);
    }

    /**
     * One of them.
     *
     * @param steps of its path; variables in braces
     */
    record Page(String method, List<String> steps, May may, Handler handler) {
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

    /** A page and what its path says. */
    record Found(Page page, Map<String, String> variables) {}

    Pages get(String path, May may, Handler handler) {
        all.add(new Page("GET", steps(path), may, handler));
        return this;
    }

    Pages post(String path, May may, Handler handler) {
        all.add(new Page("POST", steps(path), may, handler));
        return this;
    }

    /** The path is as it stood in the request, not decoded. The first that fits counts. */
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
