package dev.rung.settings;

import dev.rung.payments.bill.BillFormat;
import dev.rung.payments.channel.ChannelType;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The channel types that are known: those on the class path, and those of plugins. Immutable. */
public final class ChannelTypes {
    private final Map<String, ChannelType> types;

    private ChannelTypes(Map<String, ChannelType> types) {
        this.types = types;
    }

    /** Those on the class path. */
    public static ChannelTypes onClassPath() {
        Map<String, ChannelType> types = new TreeMap<>();
        for (ChannelType type : ServiceLoader.load(ChannelType.class, ChannelTypes.class.getClassLoader())) {
            types.put(type.name(), type);
        }
        return new ChannelTypes(types);
    }

    /**
     * These, and those of a folder of plugins.
     *
     * @throws IllegalArgumentException if a jar there cannot be used; the message goes on from the folder's name and names the jar
     */
    public ChannelTypes withPlugins(Path folder) {
        Map<String, ChannelType> all = new TreeMap<>(types);
        for (Plugins.Plugin plugin : Plugins.load(folder)) {
            for (ChannelType type : plugin.types()) {
                if (all.putIfAbsent(type.name(), type) != null) {
                    throw new IllegalArgumentException("holds " + plugin.jar().getFileName() + ", whose channel type \""
                            + type.name() + "\" is known already");
                }
            }
        }
        return new ChannelTypes(all);
    }

    /** All, by name. */
    public Collection<ChannelType> all() {
        return types.values();
    }

    public Collection<String> names() {
        return types.keySet();
    }

    public Optional<ChannelType> find(String name) {
        return Optional.ofNullable(types.get(name));
    }

    /** The formats of their bills. */
    public List<BillFormat> billFormats() {
        return types.values().stream()
                .flatMap(type -> type.billFormat().stream())
                .toList();
    }
}
