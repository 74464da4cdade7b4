package dev.rung.settings;

import dev.rung.payments.channel.AccountMember;
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
 * Reads {@code rung.yaml}: one level of keys with texts or lists of texts, and {@code channels} with accounts by name.
 *
 * <p>Only parsed into nodes, so that tags cannot instantiate classes, and {@code 30d} or {@code on} stay texts.
 */
final class SettingsFile {

    /** The value of a key; lists are joined by commas. */
    record Entry(String value, int line) {}

    /** An account under {@code channels}: its members by name, including {@code type}. */
    record Account(String name, int line, Map<String, Entry> members) {}

    /** The contents of a file. */
    record Content(Map<String, Entry> entries, List<Account> accounts) {}

    private static final String CHANNELS = "channels";

    private SettingsFile() {}

    /**
     * Reads the file.
     *
     * @param shown its name in messages
     */
    static Content read(Path file, String shown) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(0);
        options.setCodePointLimit(1 << 20);
        try (var reader = Files.newBufferedReader(file)) {
            return content(shown, new Yaml(options).compose(reader));
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark();
            String where = mark == null ? shown : shown + ", line " + (mark.getLine() + 1);
            throw new InvalidSettings(List.of(where + ": not readable as YAML: " + e.getProblem()));
        } catch (IOException e) {
            throw new InvalidSettings(List.of(shown + " cannot be read: " + e));
        }
    }

    private static Content content(String shown, @Nullable Node root) {
        if (root == null) {
            return new Content(Map.of(), List.of());
        }
        if (!(root instanceof MappingNode mapping)) {
            throw new InvalidSettings(
                    List.of(shown + ", line " + line(root) + ": expected lines such as \"port: 8080\""));
        }
        List<String> problems = new ArrayList<>();
        List<NodeTuple> settings = new ArrayList<>();
        List<Account> accounts = new ArrayList<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (key(tuple).equals(CHANNELS)) {
                accounts.addAll(accounts(shown, tuple.getValueNode(), problems));
            } else {
                settings.add(tuple);
            }
        }
        Map<String, Entry> entries = entries(shown, settings, problems);
        if (!problems.isEmpty()) {
            throw new InvalidSettings(problems);
        }
        return new Content(entries, accounts);
    }

    private static List<Account> accounts(String shown, Node node, List<String> problems) {
        List<Account> accounts = new ArrayList<>();
        if (!(node instanceof MappingNode mapping)) {
            problems.add(
                    shown + ", line " + line(node) + ": channels must hold lines such as \"NAME: {type: TYPE, …}\"");
            return accounts;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            int line = line(tuple.getKeyNode());
            String name = key(tuple);
            if (accounts.stream().anyMatch(a -> a.name().equals(name))) {
                problems.add(shown + ", line " + line + ": channels." + name + " is defined twice");
            } else if (tuple.getValueNode() instanceof MappingNode members) {
                accounts.add(new Account(name, line, members(shown, members, problems)));
            } else {
                problems.add(
                        shown + ", line " + line + ": channels." + name + " must hold members such as \"type: TYPE\"");
            }
        }
        return accounts;
    }

    /** A time is given as an object with the member {@code at}. */
    private static Map<String, Entry> members(String shown, MappingNode account, List<String> problems) {
        List<NodeTuple> flat = account.getValue().stream()
                .map(tuple -> tuple.getValueNode() instanceof MappingNode time
                                && time.getValue().size() == 1
                                && key(time.getValue().getFirst()).equals(AccountMember.AT)
                        ? new NodeTuple(
                                tuple.getKeyNode(), time.getValue().getFirst().getValueNode())
                        : tuple)
                .toList();
        return entries(shown, flat, problems);
    }

    private static Map<String, Entry> entries(String shown, List<NodeTuple> tuples, List<String> problems) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : tuples) {
            int line = line(tuple.getKeyNode());
            String key = key(tuple);
            try {
                Entry entry = new Entry(text(tuple.getValueNode()), line);
                if (entries.putIfAbsent(key, entry) != null) {
                    problems.add(shown + ", line " + line + ": " + key + " is set twice");
                }
            } catch (IllegalArgumentException e) {
                problems.add(shown + ", line " + line + ": " + key + " " + e.getMessage());
            }
        }
        return entries;
    }

    private static String key(NodeTuple tuple) {
        return tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "";
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
