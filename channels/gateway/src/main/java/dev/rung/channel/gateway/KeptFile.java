package dev.rung.channel.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file in an account's folder with what was fetched from the channel and can be fetched again, so that it is known right after a restart. Errors are
 * logged, never thrown.
 *
 * @param folder called at each use
 */
public record KeptFile(Supplier<Path> folder, String name) {
    private static final Logger LOG = LoggerFactory.getLogger(KeptFile.class);

    /** Its content; empty if there is none. */
    public Optional<byte[]> read() {
        try {
            Path file = folder.get().resolve(name);
            return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", name, e.toString());
            return Optional.empty();
        }
    }

    /** Replaces its content. */
    public void write(byte[] content) {
        try {
            Path file = folder.get().resolve(name);
            Path fresh = Files.createTempFile(folder.get(), name, null);
            Files.write(fresh, content);
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("{} cannot be written: {}", name, e.toString());
        }
    }
}
