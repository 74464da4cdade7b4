package dev.rung.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads {@code rung.yaml}: one level of keys with texts or lists of texts.
 *
 * <p>Only parsed into nodes, so that tags cannot instantiate classes, and {@code 30d} or {@code on} stay texts.
 */
final class SettingsFile {

    /** The value of a key; lists are joined by commas. */
    record Entry(String value, int line) {}

    private SettingsFile() {}

    /**
     * Reads the file.
     *
     * @param shown its name in messages
     */
    static Map<String, Entry> read(Path file, String shown) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(0);
        options.setCodePointLimit(1 << 20);
        try (var reader = Files.newBufferedReader(file)) {
            return entries(shown, new Yaml(options).compose(reader));
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark();
            String where = mark == null ? shown : shown + ", line " + (mark.getLine() + 1);
            throw new InvalidSettings(List.of(where + ": not readable as YAML: " + e.getProblem()));
        } catch (IOException e) {
            throw new InvalidSettings(List.of(shown + " cannot be read: " + e));
        }
    }

    private static Map<String, Entry> entries(String shown, @Nullable Node root) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        if (root == null) {
            return entries;
        }
        if (!(root instanceof MappingNode mapping)) {
            throw new InvalidSettings(
                    List.of(shown + ", line " + line(root) + ": expected lines such as \"port: 8080\""));
        }
        List<String> problems = new ArrayList<>();
        for (NodeTuple tuple : mapping.getValue()) {
            int line = line(tuple.getKeyNode());
            String key = tuple.getKeyNode() instanceof ScalarNode k ? k.getValue() : "";
            try {
                Entry entry = new Entry(text(tuple.getValueNode()), line);
                if (entries.putIfAbsent(key, entry) != null) {
                    problems.add(shown + ", line " + line + ": " + key + " is set twice");
                }
            } catch (IllegalArgumentException e) {
                problems.add(shown + ", line " + line + ": " + key + " " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidSettings(problems);
        }
        return entries;
    }

    private static String text(Node node) {
        return switch (node) {
            case ScalarNode scalar -> scalar.getValue();
            case SequenceNode sequence -> {
                List<String> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    if (!(item instanceof ScalarNode scalar)) {
                        throw new IllegalArgumentException("must be a list of plain texts");
                    }
                    items.add(scalar.getValue());
                }
                yield String.join(",", items);
            }
            default -> throw new IllegalArgumentException("must be a text or a list of texts");
        };
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
