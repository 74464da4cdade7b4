package dev.rung.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.bench.Scenario.Figure;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchReportTest {
    @TempDir
    private Path folder;

    @Test
    void figuresAreWrittenWithTheirMedianAndEveryRun() throws Exception {
        BenchReport report = new BenchReport("embedded", Instant.parse("2026-11-30T10:00:00.5Z"));
        report.add(
                "throughput",
                "batches of 500",
                Map.of(
                        "delivered",
                        List.of(
                                new Figure("delivered", 3, "/s"),
                                new Figure("delivered", 1, "/s"),
                                new Figure("delivered", 2, "/s"))));
        assertThat(report.write(folder)).containsExactly(folder.resolve("bench.json"));

        JsonNode written = JsonMapper.shared().readTree(Files.readString(folder.resolve("bench.json")));
        assertThat(written.at("/scenarios/0/at").asString()).isEqualTo("2026-11-30T10:00:00Z");
        assertThat(written.at("/store").asString()).isEqualTo("embedded");
        JsonNode figure = written.at("/scenarios/0/figures/0");
        assertThat(figure.at("/median").asDouble()).isEqualTo(2);
        assertThat(figure.at("/values").valueStream().map(JsonNode::asDouble)).containsExactly(3.0, 1.0, 2.0);
    }

    @Test
    void runsOfOneStoreAddUp() throws Exception {
        write("embedded", "throughput", 1);
        write("embedded", "lateness", 2);
        write("embedded", "throughput", 3);
        assertThat(medians()).containsExactly(3.0, 2.0);

        write("PostgreSQL and RabbitMQ", "throughput", 4);
        assertThat(medians()).containsExactly(4.0);
    }

    private void write(String store, String scenario, double value) throws Exception {
        BenchReport report = new BenchReport(store, Instant.EPOCH);
        report.add(scenario, "", Map.of("figure", List.of(new Figure("figure", value, "ms"))));
        report.write(folder);
    }

    private List<Double> medians() throws Exception {
        return JsonMapper.shared()
                .readTree(Files.readString(folder.resolve("bench.json")))
                .path("scenarios")
                .valueStream()
                .map(scenario -> scenario.at("/figures/0/median").asDouble())
                .toList();
    }

    @Test
    void aPlotHasALineForEachRun() throws Exception {
        BenchReport report = new BenchReport("embedded", Instant.EPOCH);
        long[] samples = LongStream.rangeClosed(1, 10_000).map(i -> i * 1_000).toArray();
        report.sample("latency", samples);
        report.sample("latency", new long[] {0});
        report.write(folder);

        Document plot = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(Files.readString(folder.resolve("latency.svg")))));
        assertThat(plot.getElementsByTagName("polyline").getLength()).isEqualTo(2);
        assertThat(plot.getDocumentElement().getTextContent()).contains("latency, embedded", "99.99 %", "ms");
        String points = plot.getElementsByTagName("polyline")
                .item(0)
                .getAttributes()
                .getNamedItem("points")
                .getNodeValue();
        assertThat(points.split("[ ,]"))
                .allSatisfy(number -> assertThat(Double.parseDouble(number)).isBetween(0.0, 720.0));
    }

    @Test
    void theCpuTimeOfAProgramIsThatOfAllItsProcesses() throws Exception {
        process(7, "postgres", "100 20 3 4");
        process(8, "postgres", "1 0 0 0");
        process(9, "a (b) c", "1000 0 0 0");
        Files.createDirectory(folder.resolve("10"));
        assertThat(CpuTimes.ofPrograms(folder, Set.of("postgres", "mysqld"))).isEqualTo(Duration.ofMillis(1_280));
        assertThat(CpuTimes.ofPrograms(folder, Set.of("a (b) c"))).isEqualTo(Duration.ofSeconds(10));
        assertThat(CpuTimes.ofPrograms(folder, Set.of("beam.smp"))).isNull();
        assertThat(CpuTimes.ofPrograms(folder.resolve("missing"), Set.of("postgres")))
                .isNull();
    }

    private void process(int id, String program, String times) throws Exception {
        Path process = Files.createDirectory(folder.resolve(Integer.toString(id)));
        Files.writeString(
                process.resolve("stat"), id + " (" + program + ") S 1 1 1 0 -1 4194560 1 2 3 4 " + times + " 20 0");
    }
}
