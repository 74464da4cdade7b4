package dev.rung.client;

import java.util.function.Consumer;

/** Parses server-sent events (WHATWG HTML, "Server-sent events"). */
final class EventLines {
    private final Consumer<StreamEvent> listener;
    private final StringBuilder data = new StringBuilder();
    private String type = "";

    EventLines(Consumer<StreamEvent> listener) {
        this.listener = listener;
    }

    void accept(String line) {
        if (line.isEmpty()) {
            if (!data.isEmpty()) {
                listener.accept(new StreamEvent(type.isEmpty() ? "message" : type, data.toString()));
            }
            data.setLength(0);
            type = "";
        } else if (line.startsWith("event:")) {
            type = value(line, "event:");
        } else if (line.startsWith("data:")) {
            data.append(data.isEmpty() ? "" : "\n").append(value(line, "data:"));
        }
    }

    private static String value(String line, String name) {
        String value = line.substring(name.length());
        return value.startsWith(" ") ? value.substring(1) : value;
    }
}
