package dev.rung.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs the bare pipeline in a separate process, like the server. */
final class BareScenario implements Scenario {
    @Override
    public String name() {
        return "bare";
    }

    @Override
    public String what() {
        return "the upper limit: the same store, queue, client, rows and durability without intake, bulkheads and signatures";
    }

    @Override
    public List<Figure> run(Bench bench) throws IOException {
        bench.stopServer();
        List<String> command = new ArrayList<>(ServerProcess.rung(bench.setup().jvmOptions()));
        command.add("bench-bare");
        command.addAll(List.of("--target", bench.sink().url(0, "ok")));
        command.addAll(List.of("--warm-up", bench.setup().warmUp().toMillis() + "ms"));
        command.addAll(List.of("--window", bench.setup().window().toMillis() + "ms"));
        if (bench.setup().databaseUrl() != null && bench.setup().rabbitmqUri() != null) {
            command.addAll(List.of("--database-url", bench.setup().databaseUrl()));
            command.addAll(List.of("--rabbitmq-uri", bench.setup().rabbitmqUri()));
        } else {
            command.addAll(List.of(
                    "--data-dir", bench.setup().directory().resolve("bare").toString()));
        }
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        bench.setup().directory().resolve("bare.log").toFile()))
                .start();
        String last = "";
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                last = line;
            }
        }
        try {
            return List.of(new Figure("delivered", Double.parseDouble(last), "/s"));
        } catch (NumberFormatException e) {
            throw new IOException(
                    "the bare pipeline failed; its log is " + bench.setup().directory() + "/bare.log", e);
        }
    }
}
