package dev.rung.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds routes by method and path. Filled at start, then read-only. */
public final class RouteTable {
    private final List<ApiRoute> all = new ArrayList<>();
    private final Node root = new Node();

    /** A path segment; literal segments take precedence over variables. */
    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();
        final TreeMap<String, ApiRoute> byMethod = new TreeMap<>();

        @Nullable Node variable;

        String variableName = "";
    }

    /** The result of a lookup. */
    sealed interface Found {
        record Match(ApiRoute route, Map<String, String> variables) implements Found {}

        record OtherMethods(String allowed) implements Found {}

        record Nothing() implements Found {}
    }

    public RouteTable get(String path, Access access, Handler handler) {
        return add(new ApiRoute("GET", path, access, handler));
    }

    public RouteTable post(String path, Access access, Handler handler) {
        return add(new ApiRoute("POST", path, access, handler));
    }

    /** A POST at this path, and at the same path with a slash at its end. */
    public RouteTable postWithOrWithoutSlash(String path, Access access, Handler handler) {
        ApiRoute route = new ApiRoute("POST", path, access, handler);
        add(route);
        node(path + "/").byMethod.put(route.method(), route);
        return this;
    }

    public RouteTable put(String path, Access access, Handler handler) {
        return add(new ApiRoute("PUT", path, access, handler));
    }

    public RouteTable patch(String path, Access access, Handler handler) {
        return add(new ApiRoute("PATCH", path, access, handler));
    }

    public RouteTable delete(String path, Access access, Handler handler) {
        return add(new ApiRoute("DELETE", path, access, handler));
    }

    /** All routes, in the order of registration. */
    public List<ApiRoute> all() {
        return List.copyOf(all);
    }

    private RouteTable add(ApiRoute route) {
        if (node(route.path()).byMethod.putIfAbsent(route.method(), route) != null) {
            throw new IllegalStateException(route.method() + " " + route.path() + " is registered twice");
        }
        all.add(route);
        return this;
    }

    /** Makes it where there is none. */
    private Node node(String path) {
        Node node = root;
        for (String segment : segments(path)) {
            if (segment.startsWith("{")) {
                if (node.variable == null) {
                    node.variable = new Node();
                    node.variableName = segment.substring(1, segment.length() - 1);
                }
                node = node.variable;
            } else {
                node = node.literals.computeIfAbsent(segment, s -> new Node());
            }
        }
        return node;
    }

    /** Finds the route of a raw, undecoded path. */
    Found find(String method, String path) {
        Map<String, String> variables = new HashMap<>(4);
        @Nullable Node node = root;
        for (String segment : segments(path)) {
            Node literal = node.literals.get(segment);
            if (literal == null && node.variable != null && !segment.isEmpty()) {
                variables.put(node.variableName, decoded(segment));
            }
            node = literal != null ? literal : segment.isEmpty() ? null : node.variable;
            if (node == null) {
                return new Found.Nothing();
            }
        }
        if (node.byMethod.isEmpty()) {
            return new Found.Nothing();
        }
        ApiRoute route = node.byMethod.get(method.equals("HEAD") ? "GET" : method);
        return route == null
                ? new Found.OtherMethods(String.join(", ", node.byMethod.keySet()))
                : new Found.Match(route, variables);
    }

    private static String[] segments(String path) {
        return path.substring(1).split("/", -1);
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return segment; // matches no id or name, so it leads to 404
        }
    }
}
