package dev.rung.console;

/** Formats JSON with indentation. Only whitespace between tokens changes; numbers and strings keep their spelling. */
final class JsonText {
    private static final String STEP = "  ";

    private final String json;
    private final StringBuilder out = new StringBuilder();
    private int depth;

    private JsonText(String json) {
        this.json = json;
    }

    /**
     * Formats a JSON text.
     *
     * @param json other text gets unexpected line breaks, but loses nothing
     */
    static String formatted(String json) {
        return new JsonText(json).run();
    }

    private String run() {
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            switch (c) {
                case '"' -> i = string(i);
                case '{', '[' -> i = open(i, c);
                case '}', ']' -> {
                    depth = Math.max(0, depth - 1);
                    line();
                    out.append(c);
                }
                case ',' -> {
                    out.append(c);
                    line();
                }
                case ':' -> out.append(": ");
                case ' ', '\t', '\r', '\n' -> {
                    // replaced by the indentation
                }
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    /** Copies a string literal; returns the index of its closing quote. */
    private int string(int start) {
        int i = start + 1;
        while (i < json.length() && json.charAt(i) != '"') {
            i += json.charAt(i) == '\\' ? 2 : 1;
        }
        int end = Math.min(i, json.length() - 1);
        out.append(json, start, end + 1);
        return end;
    }

    /** Opens an object or array; an empty one stays on one line. */
    private int open(int at, char c) {
        out.append(c);
        int next = at + 1;
        while (next < json.length() && Character.isWhitespace(json.charAt(next))) {
            next++;
        }
        if (next < json.length() && (json.charAt(next) == '}' || json.charAt(next) == ']')) {
            out.append(json.charAt(next));
            return next;
        }
        depth++;
        line();
        return at;
    }

    private void line() {
        out.append('\n').append(STEP.repeat(depth));
    }
}
