package dev.rung.bench;

import dev.rung.bench.Scenario.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The results of a benchmark, for programs ({@code bench.json}) and as plots of the distributions of times. Runs of the same store on the same
 * machine add up in one folder: a scenario that is measured again replaces its earlier figures.
 */
final class BenchReport {
    static final String FILE = "bench.json";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final String store;
    private final Instant at;
    private final List<Map<String, Object>> scenarios = new ArrayList<>();
    private final Map<String, List<long[]>> samples = new LinkedHashMap<>();

    /**
     * @param store which store and queue are measured
     */
    BenchReport(String store, Instant at) {
        this.store = store;
        this.at = at.truncatedTo(ChronoUnit.SECONDS);
    }

    /** A scenario's figures, by name in the order of the runs. */
    void add(String name, String what, Map<String, List<Figure>> figures) {
        List<Map<String, Object>> rows = new ArrayList<>();
        figures.forEach((figure, runs) -> {
            List<Double> values = runs.stream().map(Figure::value).toList();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", figure);
            row.put("unit", runs.getFirst().unit());
            row.put("median", Figures.median(values));
            row.put("values", values);
            rows.add(row);
        });
        Map<String, Object> scenario = new LinkedHashMap<>();
        scenario.put("name", name);
        scenario.put("what", what);
        scenario.put("at", at.toString());
        scenario.put("figures", rows);
        scenarios.add(scenario);
    }

    /** The times of one run, in nanoseconds, of which a plot is drawn. */
    void sample(String name, long[] nanos) {
        samples.computeIfAbsent(name, n -> new ArrayList<>()).add(nanos);
    }

    /** Writes all files into a folder; returns them. */
    List<Path> write(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<Path> written = new ArrayList<>();
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        machine.put("java", Runtime.version().toString());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("machine", machine);
        document.put("store", store);
        Path file = folder.resolve(FILE);
        Map<String, Object> all = earlier(file, document);
        scenarios.forEach(scenario -> all.put(String.valueOf(scenario.get("name")), scenario));
        document.put("scenarios", all.values());
        written.add(Files.write(file, JSON.writeValueAsBytes(document)));
        for (Map.Entry<String, List<long[]>> each : samples.entrySet()) {
            String title = each.getKey() + ", " + store;
            written.add(Files.writeString(
                    folder.resolve(each.getKey() + ".svg"), PercentilePlot.svg(title, each.getValue())));
        }
        return written;
    }

    /** The scenarios of a file by name; none if it is of another store or machine. */
    private static Map<String, Object> earlier(Path file, Map<String, Object> wanted) {
        Map<String, Object> byName = new LinkedHashMap<>();
        if (Files.exists(file)) {
            JsonNode found = JSON.readTree(file);
            JsonNode head = JSON.valueToTree(wanted);
            if (head.path("store").equals(found.path("store"))
                    && head.path("machine").equals(found.path("machine"))) {
                found.path("scenarios")
                        .forEach(each -> byName.put(each.path("name").asString(), each));
            }
        }
        return byName;
    }
}
