package dev.rung.payments.flow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Writes and reads a callback's headers as text, one {@code name: value} per line, limited to those of its signature. */
final class CallbackHeaders {
    private CallbackHeaders() {}

    static String text(Map<String, List<String>> headers, Set<String> kept) {
        StringBuilder text = new StringBuilder();
        for (String name : new TreeSet<>(kept)) {
            for (String value : headers.getOrDefault(name, List.of())) {
                text.append(text.isEmpty() ? "" : "\n")
                        .append(name)
                        .append(": ")
                        .append(value);
            }
        }
        return text.toString();
    }

    static Map<String, List<String>> parse(String text) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(": ");
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(colon + 2));
        });
        return headers;
    }
}
