package dev.rung.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The figures of {@code docs/performance.md} are those of the {@code bench.json} files in {@code docs/performance}, one folder for each
 * store. {@code -Dwrite-docs=true} writes them into the page.
 */
class PerformancePageTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final String BEGIN = "<!-- figures of docs/performance/*/bench.json -->\n";
    private static final String END = "<!-- end of the figures -->\n";
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A folder and the head of its column. */
    private record Column(String folder, String title) {
        Path path() {
            return DOCS.resolve("performance").resolve(folder);
        }

        JsonNode scenarios() {
            return JSON.readTree(path().resolve(BenchReport.FILE)).path("scenarios");
        }
    }

    private static final List<Column> COLUMNS = List.of(
            new Column("embedded", "embedded"),
            new Column("postgresql-rabbitmq", "PostgreSQL + RabbitMQ"),
            new Column("mariadb-rabbitmq", "MariaDB + RabbitMQ"));

    /** A figure that the page shows, and what it should be. */
    private record Row(String scenario, String figure, String label, String target) {}

    private static final List<Row> ROWS = List.of(
            new Row("throughput", "delivered", "throughput, batches of 500", ""),
            new Row("throughput", "server CPU per 100,000", "CPU for 100,000 of them: server", ""),
            new Row("throughput", "database CPU per 100,000", "database", ""),
            new Row("throughput", "broker CPU per 100,000", "broker", ""),
            new Row("throughput", "extra requests", "requests beyond one each", "0"),
            new Row("bare", "delivered", "bare pipeline", ""),
            new Row("singles", "delivered", "one request per notification", ""),
            new Row("singles", "server CPU per 100,000", "CPU for 100,000 of them: server", ""),
            new Row("singles", "database CPU per 100,000", "database", ""),
            new Row("singles", "broker CPU per 100,000", "broker", ""),
            new Row("lateness", "p50", "lateness at 500/s, p50", ""),
            new Row("lateness", "p99", "p99", "≤ 20 ms, or the broker's own + 20 ms"),
            new Row("lateness", "broker's own p99", "the broker's own lateness, p99", ""),
            new Row("latency", "p50", "request to receipt, idle, p50", "≤ 10 ms, 20 ms with a broker"),
            new Row("latency", "p99", "p99", ""),
            new Row("burst", "last receipt", "100,000 due at once: last receipt after", "≤ 15 s"),
            new Row("isolation", "p99 normal", "isolation: p99, all merchants prompt", ""),
            new Row("isolation", "p99 while 90 % hang", "p99 while 90 % hang", "twice the normal + 20 ms"),
            new Row("fan-out", "ratio", "attempts a second: 10 endpoints against single ones", "≥ 90 %"),
            new Row("payments", "prompt bank, p50", "payment request to answer at 200/s, p50", ""),
            new Row("payments", "prompt bank, p99", "p99", "≤ 50 ms"),
            new Row("payments", "refunds, p50", "refund request to answer at 200/s, p50", ""),
            new Row("payments", "refunds, p99", "p99", "≤ 50 ms"),
            new Row("payments", "hanging gateway, p99", "payment request while the channel hangs, p99", "≤ 1 s"),
            new Row("million", "start to ready", "1,000,000 waiting, heap of 512 MB: start to ready", "≤ 15 s"),
            new Row("million", "heap used", "heap in use", ""),
            new Row("million", "lateness p99 before", "lateness before, p99", ""),
            new Row("million", "lateness p99 with them", "lateness with them, p99", "twice that before"),
            new Row("merchants", "start to ready", "100,000 merchants, 200,000 endpoints: start to ready", ""),
            new Row("merchants", "heap used", "heap in use", ""),
            new Row("merchants", "intake p99", "intake, p99", ""),
            new Row("console", "stored before", "2,000,000 stored: while storing", ""),
            new Row("console", "overview p99", "console's overview, p99", "≤ 300 ms"),
            new Row("console", "the slowest page's p99", "slowest of 21 searches, p99", "≤ 300 ms"),
            new Row("consoles", "ratio", "throughput with five open consoles", "≥ 97 %"));

    private static String figures() {
        StringBuilder page = new StringBuilder("\n| what | target |");
        COLUMNS.forEach(column -> page.append(' ').append(column.title()).append(" |"));
        page.append("\n|---|---|").append("---|".repeat(COLUMNS.size())).append('\n');
        String scenario = "";
        for (Row row : ROWS) {
            String indent = row.scenario().equals(scenario)
                            && Character.isLowerCase(row.label().charAt(0))
                    ? "… "
                    : "";
            scenario = row.scenario();
            page.append("| ")
                    .append(indent)
                    .append(row.label())
                    .append(" | ")
                    .append(row.target())
                    .append(" |");
            COLUMNS.forEach(column -> page.append(' ').append(cell(column, row)).append(" |"));
            page.append('\n');
        }
        page.append("\nMeasured on ").append(dates()).append(".\n");
        for (Column column : COLUMNS) {
            for (String plot : List.of("latency", "lateness")) {
                if (Files.exists(column.path().resolve(plot + ".svg"))) {
                    page.append("\n![%s, %s](performance/%s/%s.svg)\n"
                            .formatted(plot, column.title(), column.folder(), plot));
                }
            }
        }
        return page.append('\n').toString();
    }

    /** The median; with several runs, the lowest and highest too. */
    private static String cell(Column column, Row row) {
        for (JsonNode scenario : column.scenarios()) {
            for (JsonNode figure : scenario.path("figures")) {
                if (scenario.path("name").asString().equals(row.scenario())
                        && figure.path("name").asString().equals(row.figure())) {
                    List<Double> values = figure.path("values")
                            .valueStream()
                            .map(JsonNode::asDouble)
                            .sorted()
                            .toList();
                    String median = "**" + number(figure.path("median").asDouble()) + unit(figure) + "**";
                    return values.size() == 1
                            ? median
                            : "%s (%s–%s)".formatted(median, number(values.getFirst()), number(values.getLast()));
                }
            }
        }
        return "";
    }

    private static String unit(JsonNode figure) {
        String unit = figure.path("unit").asString();
        return unit.isEmpty() || unit.startsWith("/") ? unit : " " + unit;
    }

    private static String number(double value) {
        return value >= 100 || value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.1f", value);
    }

    private static String dates() {
        Set<LocalDate> dates = new TreeSet<>();
        COLUMNS.forEach(column -> column.scenarios()
                .forEach(each ->
                        dates.add(LocalDate.parse(each.path("at").asString().substring(0, 10)))));
        return dates.stream().map(LocalDate::toString).collect(Collectors.joining(", "));
    }

    @Test
    void thePageShowsTheFilesFigures() throws IOException {
        Path file = DOCS.resolve("performance.md");
        String page = Files.readString(file);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        String wanted = page.substring(0, begin) + figures() + page.substring(end);
        if (Boolean.getBoolean("write-docs")) {
            Files.writeString(file, wanted);
        }
        assertThat(file)
                .as("renew it: ./mvnw test -pl bench -am -Dtest=PerformancePageTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dwrite-docs=true")
                .hasContent(wanted);
    }
}
