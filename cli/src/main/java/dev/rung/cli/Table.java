package dev.rung.cli;

import java.util.ArrayList;
import java.util.List;

/** A text table with aligned columns. Not thread-safe. */
final class Table {

    /** A text and its style. */
    record Cell(String text, AnsiStyle style) {
        static Cell of(String text) {
            return new Cell(text, AnsiStyle.PLAIN);
        }
    }

    private final List<String> headers;
    private final List<List<Cell>> rows = new ArrayList<>();

    Table(String... headers) {
        this.headers = List.of(headers);
    }

    void add(List<Cell> row) {
        if (row.size() != headers.size()) {
            throw new IllegalArgumentException(row.size() + " cells for " + headers.size() + " columns");
        }
        rows.add(List.copyOf(row));
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The header and the rows, without trailing spaces. */
    List<String> lines(Terminal terminal) {
        List<String> lines = new ArrayList<>();
        lines.add(line(
                terminal, headers.stream().map(h -> new Cell(h, AnsiStyle.DIM)).toList()));
        rows.forEach(row -> lines.add(line(terminal, row)));
        return lines;
    }

    private String line(Terminal terminal, List<Cell> cells) {
        StringBuilder line = new StringBuilder();
        int padding = 0;
        for (int i = 0; i < cells.size(); i++) {
            Cell cell = cells.get(i);
            if (!cell.text().isEmpty()) {
                line.repeat(' ', padding).append(terminal.paint(cell.style(), cell.text()));
                padding = 0;
            }
            padding += width(i) - TextWidth.of(cell.text()) + 2;
        }
        return line.toString();
    }

    private int width(int column) {
        int width = TextWidth.of(headers.get(column));
        for (List<Cell> row : rows) {
            width = Math.max(width, TextWidth.of(row.get(column).text()));
        }
        return width;
    }
}
