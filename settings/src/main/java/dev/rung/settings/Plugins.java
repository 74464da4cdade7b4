package dev.rung.settings;

import dev.rung.crypto.dialect.SigningDialect;
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
 * Loads a folder of plugins, each jar in its own class loader, which sees the JDK, the channel port and the interface of dialects, but nothing else of
 * the server. The
 * class loaders stay open until the process ends.
 */
final class Plugins {
    private Plugins() {}

    /** The contents of a jar. */
    record Plugin(Path jar, List<ChannelType> types, List<SigningDialect> dialects) {}

    /**
     * Loads all {@code .jar} files of the folder, ordered by name.
     *
     * @throws IllegalArgumentException if one is invalid
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
            throw broken(jar, "is not a readable jar: " + e.getMessage(), e);
        }
        List<ChannelType> types = new ArrayList<>();
        List<SigningDialect> dialects = new ArrayList<>();
        try {
            ClassLoader loader = classLoader(jar);
            for (ChannelType type : ServiceLoader.load(ChannelType.class, loader)) {
                check(type);
                types.add(type);
            }
            for (SigningDialect dialect : ServiceLoader.load(SigningDialect.class, loader)) {
                check(dialect);
                dialects.add(dialect);
            }
        } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
            throw broken(jar, "cannot be loaded: " + (e.getMessage() == null ? e.toString() : e.getMessage()), e);
        }
        if (types.isEmpty() && dialects.isEmpty()) {
            throw broken(
                    jar,
                    "contains no channel and no dialect: META-INF/services/" + ChannelType.class.getName() + " and "
                            + SigningDialect.class.getName() + " name none",
                    null);
        }
        return new Plugin(jar, types, dialects);
    }

    /** Calls the methods that every use calls, because classes load lazily: a jar built against another version fails here. */
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

    private static void check(SigningDialect dialect) {
        if (!dialect.name().matches("[a-z][a-z0-9-]{0,31}")) {
            throw new IllegalArgumentException("\"" + dialect.name() + "\" cannot be the name of a dialect");
        }
        dialect.check(new byte[] {'{', '}'});
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
        return new IllegalArgumentException("contains " + jar.getFileName() + ", which " + fault, cause);
    }
}
