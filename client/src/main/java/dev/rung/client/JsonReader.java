package dev.rung.client;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A strict JSON parser (RFC 8259): one value, no duplicate members, no half surrogate pairs, bounded nesting. Objects are maps in their order, numbers
 * are {@link BigDecimal}s, null is null. What it accepts, the server accepts.
 */
final class JsonReader {
    private static final int NUMBER_TEXT_MAX = 40;

    private final String text;
    private final int nestingMax;
    private int at;
    private int nesting;

    private JsonReader(String text, int nestingMax) {
        this.text = text;
        this.nestingMax = nestingMax;
    }

    /**
     * Reads a whole text.
     *
     * @throws JsonException if it is malformed; the message does not contain the text
     */
    static @Nullable Object read(String text, int nestingMax) throws JsonException {
        JsonReader reader = new JsonReader(text, nestingMax);
        reader.skipSpace();
        Object value = reader.value();
        reader.skipSpace();
        if (reader.at < text.length()) {
            throw reader.wrong("there is more after the value");
        }
        return value;
    }

    /** A text is not JSON. */
    static final class JsonException extends Exception {
        private static final long serialVersionUID = 1L;

        JsonException(String message) {
            super(message);
        }
    }

    private JsonException wrong(String what) {
        return new JsonException(what + ", at character " + (at + 1));
    }

    private @Nullable Object value() throws JsonException {
        if (at == text.length()) {
            throw wrong("a value is missing");
        }
        char first = text.charAt(at);
        return switch (first) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            case 'n' -> literal("null", null);
            default -> number();
        };
    }

    private @Nullable Object literal(String word, @Nullable Object value) throws JsonException {
        if (!text.startsWith(word, at)) {
            throw wrong("a value is malformed");
        }
        at += word.length();
        return value;
    }

    private Map<String, @Nullable Object> object() throws JsonException {
        enter();
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (!ends('}')) {
            do {
                skipSpace();
                if (!isNext('"')) {
                    throw wrong("a member's name is missing");
                }
                String name = string();
                skipSpace();
                expect(':');
                skipSpace();
                if (members.containsKey(name)) {
                    throw wrong("a member is there twice");
                }
                members.put(name, value());
                skipSpace();
            } while (takes(','));
            expect('}');
        }
        nesting--;
        return members;
    }

    private List<@Nullable Object> array() throws JsonException {
        enter();
        List<@Nullable Object> items = new ArrayList<>();
        if (!ends(']')) {
            do {
                skipSpace();
                items.add(value());
                skipSpace();
            } while (takes(','));
            expect(']');
        }
        nesting--;
        return items;
    }

    private void enter() throws JsonException {
        at++;
        if (++nesting > nestingMax) {
            throw wrong("it is nested more than " + nestingMax + " deep");
        }
    }

    private boolean ends(char bracket) {
        skipSpace();
        return takes(bracket);
    }

    private String string() throws JsonException {
        at++;
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return value.toString();
            }
            if (c == '\\') {
                value.append(escaped());
            } else if (c < ' ') {
                throw wrong("a string has an unescaped control character");
            } else if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || at == text.length()
                        || !Character.isLowSurrogate(text.charAt(at))) {
                    throw wrong("a string has half a surrogate pair, which has no UTF-8 encoding");
                }
                value.append(c).append(text.charAt(at++));
            } else {
                value.append(c);
            }
        }
        throw wrong("a string does not end");
    }

    private char escaped() throws JsonException {
        if (at == text.length()) {
            throw wrong("a string does not end");
        }
        char c = text.charAt(at++);
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw wrong("a string has an unknown escape");
        };
    }

    private char unicode() throws JsonException {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length() && text.charAt(at) < 128 ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
                throw wrong("a string has a malformed \\u escape");
            }
            code = code * 16 + digit;
            at++;
        }
        return (char) code;
    }

    private Object number() throws JsonException {
        int start = at;
        takes('-');
        if (!takes('0')) {
            digits();
        }
        if (takes('.')) {
            digits();
        }
        if (takes('e') || takes('E')) {
            if (!takes('+')) {
                takes('-');
            }
            digits();
        }
        // The value of a huge number is never needed, and takes long to convert.
        String digits = text.substring(start, at);
        try {
            return digits.length() > NUMBER_TEXT_MAX ? digits : new BigDecimal(digits);
        } catch (NumberFormatException e) {
            return digits; // an exponent beyond BigDecimal's
        }
    }

    private void digits() throws JsonException {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw wrong("a value is malformed");
        }
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean isNext(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    private boolean takes(char c) {
        boolean taken = isNext(c);
        at += taken ? 1 : 0;
        return taken;
    }

    private void expect(char c) throws JsonException {
        if (!takes(c)) {
            throw wrong("'" + c + "' is missing");
        }
    }
}
