package dev.rung.settings;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address and process id of a running server, stored in its data dir, where commands on the same machine find it.
 */
public record RunningServer(URI url, long pid) {
    private static final Pattern FORM =
            Pattern.compile("\\{\"url\":\"([^\"\\\\]+)\",\"pid\":(\\d{1,18})}\\s*", Pattern.UNICODE_CASE);

    /** Writes the entry when the server is ready. */
    public void write(DataDir dataDir) throws IOException {
        dataDir.create();
        String text = "{\"url\":\"" + url + "\",\"pid\":" + pid + "}\n";
        DataDir.writeForOwner(dataDir.server(), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Deletes the entry when the server stops; keeps another process's entry. */
    public void remove(DataDir dataDir) throws IOException {
        if (read(dataDir).filter(this::equals).isPresent()) {
            Files.deleteIfExists(dataDir.server());
        }
    }

    /** Reads the entry; empty if it is missing or invalid. */
    public static Optional<RunningServer> read(DataDir dataDir) throws IOException {
        if (!Files.exists(dataDir.server())) {
            return Optional.empty();
        }
        Matcher m = FORM.matcher(Files.readString(dataDir.server()));
        return m.matches()
                ? Optional.of(new RunningServer(URI.create(m.group(1)), Long.parseLong(m.group(2))))
                : Optional.empty();
    }

    /** Whether the process is running. A killed server leaves its entry behind. */
    public boolean isAlive() {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
