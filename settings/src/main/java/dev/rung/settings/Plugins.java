package dev.rung.settings;

import dev.rung.payments.channel.ChannelType;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads a folder of plugins: each jar in a class loader of its own, which sees the JDK and the channel port, and nothing else of the server. The class loaders
 * stay open as long as the process runs.
 */
final class Plugins {
    private Plugins() {}

    /** What one jar holds. */
    record Plugin(Path jar, List<ChannelType> types) {}

    /**
     * Loads every {@code .jar} of the folder, in the order of their names.
     *
     * @throws IllegalArgumentException if one cannot be used
     */
    static List<Plugin> load(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("is not a folder");
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Plugin> plugins = new ArrayList<>();
            for (Path jar :
                    files.filter(f -> f.toString().endsWith(".jar")).sorted().toList()) {
                plugins.add(plugin(jar));
            }
            return plugins;
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read: " + e, e);
        }
    }

    private static Plugin plugin(Path jar) {
        try {
            new JarFile(jar.toFile()).close();
        } catch (IOException e) {
            throw broken(jar, "is not a jar that can be read: " + e.getMessage(), e);
        }
        List<ChannelType> types = new ArrayList<>();
        try {
            for (ChannelType type : ServiceLoader.load(ChannelType.class, classLoader(jar))) {
                check(type);
                types.add(type);
            }
        } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
            throw broken(jar, "cannot be loaded: " + (e.getMessage() == null ? e.toString() : e.getMessage()), e);
        }
        if (types.isEmpty()) {
            throw broken(
                    jar, "holds no channel: META-INF/services/" + ChannelType.class.getName() + " names none", null);
        }
        return new Plugin(jar, types);
    }

    /** Classes load lazily: calls what every use calls, so that a jar built against another version shows now. */
    private static void check(ChannelType type) {
        if (!type.name().matches("[a-z][a-z0-9]{0,31}")) {
            throw new IllegalArgumentException("\"" + type.name() + "\" cannot be the name of a channel type");
        }
        if (type.methods().isEmpty()) {
            throw new IllegalArgumentException("the channel type " + type.name() + " has no method of paying");
        }
        type.members().forEach(member -> {});
        type.billFormat().ifPresent(format -> {});
    }

    private static ClassLoader classLoader(Path jar) {
        try {
            return new URLClassLoader(
                    jar.getFileName().toString(), new URL[] {jar.toUri().toURL()}, new PortClassLoader());
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a path has a URL", e);
        }
    }

    private static IllegalArgumentException broken(Path jar, String fault, @Nullable Throwable cause) {
        return new IllegalArgumentException("holds " + jar.getFileName() + ", which " + fault, cause);
    }
}
