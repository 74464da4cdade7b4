package dev.rung.payments.bill;

import java.util.ArrayList;
import java.util.List;

/** The columns of a bill, and how a line is split into fields. */
public final class CsvColumns {
    private final List<String> names;

    public CsvColumns(List<String> names) {
        this.names = List.copyOf(names);
    }

    public int count() {
        return names.size();
    }

    /**
     * The position of the first column whose name starts with this prefix.
     *
     * @throws BillException if there is none
     */
    public int of(String... beginnings) {
        for (String beginning : beginnings) {
            for (int i = 0; i < names.size(); i++) {
                if (names.get(i).startsWith(beginning)) {
                    return i;
                }
            }
        }
        throw new BillException("the bill has no column " + beginnings[0]);
    }

    /** The position of the first column whose name starts with this prefix; -1 if there is none. */
    public int findBeginning(String beginning) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).startsWith(beginning)) {
                return i;
            }
        }
        return -1;
    }

    /** The position of the column of this name; -1 if there is none. */
    public int find(String name) {
        return names.indexOf(name);
    }

    /**
     * Splits a line at its commas. A quoted field may contain commas, and a doubled quotation mark stands for one.
     * Blanks and tabs around a field are ignored.
     */
    public static List<String> split(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && (quoted || isBlank(field))) {
                if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                    field.append('"');
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == ',' && !quoted) {
                fields.add(field.toString().strip());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString().strip());
        return fields;
    }

    /** Splits a line at every comma: for bills whose names contain quotation marks of their own. */
    public static List<String> splitUnquoted(String line) {
        List<String> fields = new ArrayList<>();
        for (String field : line.split(",", -1)) {
            fields.add(field.strip());
        }
        return fields;
    }

    private static boolean isBlank(CharSequence text) {
        return text.chars().allMatch(Character::isWhitespace);
    }
}
