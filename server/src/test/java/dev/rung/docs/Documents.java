package dev.rung.docs;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The documents of the project, and the code in them. */
public final class Documents {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Set<String> GENERATED = Set.of("target", "node_modules");

    private Documents() {}

    /** Every Markdown file, in the order of their paths. */
    public static List<Path> all() throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                boolean skipped = GENERATED.contains(name) || name.startsWith(".") && !folder.equals(ROOT);
                return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".md")) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        Collections.sort(found);
        return found;
    }

    /** A file by its path from the root of the project. */
    public static Path file(String path) {
        return ROOT.resolve(path);
    }

    /** The blocks of a language in a document. */
    public static List<String> blocks(Path document, String language) throws IOException {
        Pattern block = Pattern.compile("(?ms)^```" + language + "$\\n(.*?)^```$");
        return block.matcher(Files.readString(document))
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }

    /** The command lines of a document; one that is continued, or whose quoted JSON has several lines, is one. */
    public static List<String> commands(Path document) throws IOException {
        List<String> commands = new ArrayList<>();
        StringBuilder command = new StringBuilder();
        for (String block : blocks(document, "sh")) {
            for (String line : block.replaceAll("\\\\\\n\\s*", " ").lines().toList()) {
                command.append(command.isEmpty() ? "" : " ").append(line);
                boolean open = command.toString().startsWith("curl ")
                        && command.chars().filter(c -> c == '\'').count() % 2 == 1;
                if (!open) {
                    commands.add(command.toString());
                    command.setLength(0);
                }
            }
        }
        return commands;
    }
}
