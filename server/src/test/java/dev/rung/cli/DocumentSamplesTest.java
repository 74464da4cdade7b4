package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.docs.Documents;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples in the documents: commands are known with their options, requests are answered, programs stand in the examples. */
class DocumentSamplesTest {
    @TempDir
    Path folder;

    @Test
    void everyCommandAndOptionExists() throws IOException {
        Cli cli = new Cli(folder);
        Set<String> checked = new HashSet<>();
        for (Path document : Documents.all()) {
            for (String line : Documents.commands(document)) {
                boolean isOther = !line.startsWith("./rung ") || line.matches("\\./rung (bench|torture|COMMAND).*");
                if (isOther || !checked.add(line)) {
                    continue;
                }
                List<String> words = new ArrayList<>(words(line.substring("./rung ".length())));
                words.removeIf(word -> word.equals("…") || word.equals("--help"));
                words.add("--help");
                Cli.Run run = cli.run(words.toArray(String[]::new));
                assertThat(run.code())
                        .as(document + ": " + line + "\n" + run.err())
                        .isZero();
            }
        }
        assertThat(checked).hasSizeGreaterThan(30);
    }

    @Test
    void everyRequestIsAnswered() throws IOException {
        int sent = 0;
        try (ServerFixture server = new ServerFixture(folder)) {
            for (String name : List.of(
                    "README.md",
                    "README.zh-CN.md",
                    "docs/access.md",
                    "docs/guides/merchants.md",
                    "docs/guides/platforms.md",
                    "docs/guides/operations.md")) {
                Map<String, String> ids = ids(server);
                for (String line : Documents.commands(Documents.file(name))) {
                    if (line.startsWith("curl ")) {
                        TestResponse response = curl(server, ids, line);
                        assertThat(response.status())
                                .as(name + ": " + line + "\n" + response.text())
                                .isBetween(200, 299);
                        sent++;
                    }
                }
            }
            // One of the samples has raised it, for the tests that follow in this process, too.
            server.operator
                    .post("/actuator/loggers/dev.rung", "{\"configuredLevel\":null}")
                    .expect(204);
        }
        assertThat(sent).isGreaterThan(20);
    }

    private static Map<String, String> ids(ServerFixture server) {
        String merchant = server.merchant();
        String payment = server.operator
                .post("/v1/payments", """
                        {"merchant_id":"%s","out_trade_no":"paid","amount":{"value":1230,"currency":"CNY"},"subject":"two teas",
                         "channel":"simulator","channel_options":{"outcome":"succeeds","pay_after":"0s"}}""".formatted(merchant))
                .expect(201)
                .at("/id");
        await().until(() ->
                server.operator.get("/v1/payments/" + payment).at("/state").equals("succeeded"));
        String notification = server.send(merchant, "1");
        server.settled(notification);
        return Map.of("mch_…", merchant, "pay_…", payment, "ntf_…", notification);
    }

    private static TestResponse curl(ServerFixture server, Map<String, String> ids, String line) {
        String filled = line;
        for (Map.Entry<String, String> id : ids.entrySet()) {
            filled = filled.replace(id.getKey(), id.getValue());
        }
        Map<String, String> headers = new HashMap<>();
        String method = null;
        String body = null;
        String url = "";
        List<String> words = words(filled);
        for (int i = 1; i < words.size(); i++) {
            switch (words.get(i)) {
                case "-X" -> method = words.get(++i);
                case "-d" -> body = words.get(++i);
                case "-H" -> {
                    String[] header = words.get(++i).split(": ", 2);
                    headers.put(header[0], header[1]);
                }
                case "-s" -> {}
                case ">" -> i++;
                default -> url = words.get(i);
            }
        }
        headers.remove("Authorization");
        URI target = URI.create(url.replaceFirst("^(\\$RUNG_URL|(http://)?(localhost|127\\.0\\.0\\.1):8080)", ""));
        return server.operator.send(
                method != null ? method : body == null ? "GET" : "POST",
                target.toString(),
                body == null ? null : body.getBytes(StandardCharsets.UTF_8),
                headers);
    }

    /** Splits a line of a shell as far as the documents need it: quotes, and comments at the end. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        boolean begun = false;
        for (char c : (line + " ").toCharArray()) {
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                begun = true;
            } else if (c == '#' && !begun) {
                break;
            } else if (!Character.isWhitespace(c)) {
                word.append(c);
                begun = true;
            } else if (begun) {
                words.add(word.toString());
                word.setLength(0);
                begun = false;
            }
        }
        return words;
    }

    @Test
    void theChineseGuidesHaveTheSameSamples() throws IOException {
        for (String guide : List.of("merchants", "platforms", "operations")) {
            assertThat(Documents.commands(Documents.file("docs/guides/" + guide + ".zh-CN.md")))
                    .isEqualTo(Documents.commands(Documents.file("docs/guides/" + guide + ".md")));
        }
    }

    @Test
    void programsInTheGuideAreThoseOfTheExamples() throws IOException {
        Map<String, String> examples =
                Map.of("python", "examples/receivers/python/receiver.py", "js", "examples/receivers/node/receiver.mjs");
        for (String guide : List.of("docs/guides/merchants.md", "docs/guides/merchants.zh-CN.md")) {
            for (Map.Entry<String, String> example : examples.entrySet()) {
                String program = unindented(Files.readString(Documents.file(example.getValue())));
                List<String> blocks = Documents.blocks(Documents.file(guide), example.getKey());
                assertThat(blocks)
                        .isNotEmpty()
                        .allSatisfy(block -> assertThat(program).contains(unindented(block)));
            }
        }
    }

    private static String unindented(String program) {
        Stream<String> lines = program.lines().map(String::strip);
        return String.join("\n", lines.toList());
    }
}
