package dev.rung.server.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The wall clock of a server's process, which a test can step. */
final class WallClock {
    private final Path offset;
    private final Path agent;

    /** A correct clock. */
    WallClock(Path folder) {
        offset = folder.resolve("clock-offset");
        agent = folder.resolve("stepped-time.jar");
        step(Duration.ZERO);
        try {
            writeAgent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets it ahead of the true time by this much; behind, if negative. */
    void step(Duration ahead) {
        try {
            Path fresh = Files.writeString(offset.resolveSibling("clock-offset.new"), Long.toString(ahead.toSeconds()));
            Files.move(fresh, offset, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JVM options that install it. */
    String option() {
        return "-javaagent:" + agent + "=" + offset;
    }

    private void writeAgent() throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", SteppedClockAgent.class.getName());
        attributes.putValue("Can-Retransform-Classes", "true");
        attributes.putValue("Boot-Class-Path", agent.getFileName().toString());
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(agent), manifest)) {
            for (Class<?> each : new Class<?>[] {SteppedClockAgent.class, SteppedWallClock.class}) {
                String name = each.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new JarEntry(name));
                try (InputStream bytes = each.getClassLoader().getResourceAsStream(name)) {
                    bytes.transferTo(jar);
                }
            }
        }
    }
}
