package dev.rung.console;

/** Lays JSON out in lines. Only blanks between its parts are changed: numbers and strings stay as they were spelled. */
final class JsonText {
    private static final String STEP = "  ";

    private final String json;
    private final StringBuilder out = new StringBuilder();
    private int depth;

    private JsonText(String json) {
        this.json = json;
    }

    /**
     * Lays it out.
     *
     * @param json well-formed; anything else comes out as it went in, with odd line breaks
     */
    static String laidOut(String json) {
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
                    // laid out anew
                }
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    /** Copies a string; answers where its last character is. */
    private int string(int start) {
        int i = start + 1;
        while (i < json.length() && json.charAt(i) != '"') {
            i += json.charAt(i) == '\\' ? 2 : 1;
        }
        int end = Math.min(i, json.length() - 1);
        out.append(json, start, end + 1);
        return end;
    }

    /** Opens an object or array; what is empty stays on its line. */
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
