package dev.rung.cli;

import dev.rung.settings.DataDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * The test merchants that {@code send} created, with their secrets, in a file of the data dir that only its owner can read. {@code listen} verifies
 * signatures with them.
 */
final class TestMerchants {
    private static final int KEPT_MAX = 16;

    private final DataDir dataDir;

    /** A merchant and its signing secret. */
    record Entry(String merchantId, String secret) {
        @Override
        public String toString() {
            return "Entry[" + merchantId + "]";
        }
    }

    TestMerchants(DataDir dataDir) {
        this.dataDir = dataDir;
    }

    Path file() {
        return dataDir.testMerchants();
    }

    /** Newest first; empty if there are none. */
    List<Entry> read() {
        if (!Files.exists(file())) {
            return List.of();
        }
        try {
            List<Entry> entries = new ArrayList<>();
            for (JsonNode entry : JsonOutput.MAPPER.readTree(Files.readAllBytes(file()))) {
                entries.add(new Entry(
                        entry.path("merchant_id").asString(""),
                        entry.path("secret").asString("")));
            }
            return entries;
        } catch (IOException | JacksonException e) {
            throw new CommandFailed(file() + " cannot be read: " + e.getMessage());
        }
    }

    void add(Entry entry) {
        List<Entry> entries = new ArrayList<>(read());
        entries.addFirst(entry);
        ArrayNode array = JsonOutput.MAPPER.createArrayNode();
        entries.stream()
                .limit(KEPT_MAX)
                .forEach(e ->
                        array.addObject().put("merchant_id", e.merchantId()).put("secret", e.secret()));
        try {
            dataDir.create();
            DataDir.writeForOwner(file(), JsonOutput.MAPPER.writeValueAsBytes(array));
        } catch (IOException e) {
            throw new CommandFailed("cannot write the test merchant's secret to " + file() + ": " + e);
        }
    }
}
