package example.xmldialect;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a JSON object whose members are texts, numbers, true, false or null. A plugin sees no JSON library of the server. */
final class FlatJson {
    private static final String END = "\0";

    private final String text;
    private int at;

    private FlatJson(String text) {
        this.text = text;
    }

    /**
     * The members in their order: texts unescaped, null as an empty text, others as they are written.
     *
     * @param text valid JSON, as Rung accepts it
     * @throws IllegalArgumentException if it is not a flat object, or a name is no name of an element
     */
    static Map<String, String> read(String text) {
        return new FlatJson(text + END).object();
    }

    private Map<String, String> object() {
        Map<String, String> members = new LinkedHashMap<>();
        if (next() != '{') {
            throw new IllegalArgumentException("is not an object");
        }
        while (peek() != '}') {
            if (peek() == ',') {
                at++;
            }
            next(); // the quote that begins the name
            String name = string();
            if (!name.matches("[A-Za-z_][A-Za-z0-9_.-]*")) {
                throw new IllegalArgumentException("has a member whose name is not a name of XML");
            }
            next(); // the colon
            members.put(name, value());
        }
        return members;
    }

    private String value() {
        char first = next();
        if (first == '"') {
            return string();
        }
        if (first == '{' || first == '[') {
            throw new IllegalArgumentException("has a member that is an object or an array");
        }
        int start = at - 1;
        while (",}\0".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String value = text.substring(start, at).strip();
        return value.equals("null") ? "" : value;
    }

    /** A string after its first quote. */
    private String string() {
        StringBuilder value = new StringBuilder();
        char c = text.charAt(at++);
        while (c != '"') {
            value.append(c == '\\' ? escaped() : c);
            c = text.charAt(at++);
        }
        return value.toString();
    }

    private char escaped() {
        char c = text.charAt(at++);
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            default -> c;
        };
    }

    private char peek() {
        while (Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return text.charAt(at);
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }
}
