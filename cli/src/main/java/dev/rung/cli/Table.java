package dev.rung.cli;

import java.util.ArrayList;
import java.util.List;

/** Columns that line up, two spaces apart; not for use by several threads. */
final class Table {

    /** A text and how it is shown. */
    record Cell(String text, AnsiStyle ink) {
        static Cell of(String text) {
            return new Cell(text, AnsiStyle.PLAIN);
        }
    }

    private final List<String> heads;
    private final List<List<Cell>> rows = new ArrayList<>();

    Table(String... heads) {
        this.heads = List.of(heads);
    }

    void add(List<Cell> row) {
        if (row.size() != heads.size()) {
            throw new IllegalArgumentException(row.size() + " cells for " + heads.size() + " columns");
        }
        rows.add(List.copyOf(row));
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The head and the rows, without blanks at the end of a line. */
    List<String> lines(Terminal terminal) {
        List<String> lines = new ArrayList<>();
        lines.add(line(
                terminal, heads.stream().map(h -> new Cell(h, AnsiStyle.DIM)).toList()));
        rows.forEach(row -> lines.add(line(terminal, row)));
        return lines;
    }

    private String line(Terminal terminal, List<Cell> cells) {
        StringBuilder line = new StringBuilder();
        int blanks = 0;
        for (int i = 0; i < cells.size(); i++) {
            Cell cell = cells.get(i);
            if (!cell.text().isEmpty()) {
                line.repeat(' ', blanks).append(terminal.paint(cell.ink(), cell.text()));
                blanks = 0;
            }
            blanks += width(i) - TextWidth.of(cell.text()) + 2;
        }
        return line.toString();
    }

    private int width(int column) {
        int width = TextWidth.of(heads.get(column));
        for (List<Cell> row : rows) {
            width = Math.max(width, TextWidth.of(row.get(column).text()));
        }
        return width;
    }
}
