package dev.rung.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every call that is known, found by method and path. Filled while the server is wired, then only read. */
public final class RouteTable {
    private final List<ApiRoute> all = new ArrayList<>();
    private final Node root = new Node();

    /** A step of a path: the literal ones are looked up first. */
    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();
        final TreeMap<String, ApiRoute> byMethod = new TreeMap<>();

        @Nullable Node variable;

        String variableName = "";
    }

    /** What was found for a path. */
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

    public RouteTable put(String path, Access access, Handler handler) {
        return add(new ApiRoute("PUT", path, access, handler));
    }

    public RouteTable patch(String path, Access access, Handler handler) {
        return add(new ApiRoute("PATCH", path, access, handler));
    }

    public RouteTable delete(String path, Access access, Handler handler) {
        return add(new ApiRoute("DELETE", path, access, handler));
    }

    /** All of them, in the order they were added. */
    public List<ApiRoute> all() {
        return List.copyOf(all);
    }

    private RouteTable add(ApiRoute route) {
        Node node = root;
        for (String segment : segments(route.path())) {
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
        if (node.byMethod.putIfAbsent(route.method(), route) != null) {
            throw new IllegalStateException(route.method() + " " + route.path() + " is routed twice");
        }
        all.add(route);
        return this;
    }

    /** The path is as it stood in the request, not decoded. */
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
            return segment; // matches no id and no name, so it is not found
        }
    }
}
