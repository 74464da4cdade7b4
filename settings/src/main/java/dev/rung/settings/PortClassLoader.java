package dev.rung.settings;

import java.util.List;

/** Exposes to a plugin the JDK and the server packages of the channel port and of dialects. */
final class PortClassLoader extends ClassLoader {
    private static final List<String> PACKAGES = List.of(
            "dev.rung.payments.channel.",
            "dev.rung.payments.port.",
            "dev.rung.payments.bill.",
            "dev.rung.payments.model.",
            "dev.rung.core.model.",
            "dev.rung.crypto.dialect.",
            "org.jspecify.annotations.");

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader server = PortClassLoader.class.getClassLoader();

    PortClassLoader() {
        super("rung-plugin-ports", ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (PACKAGES.stream().anyMatch(name::startsWith)) {
            return server.loadClass(name);
        }
        throw new ClassNotFoundException(name + " is neither in the plugin nor in the ports for plugins");
    }
}
