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

/** The available channel types: on the class path and from plugins. Immutable. */
public final class ChannelTypes {
    private final Map<String, ChannelType> types;

    private ChannelTypes(Map<String, ChannelType> types) {
        this.types = types;
    }

    /** The types on the class path. */
    public static ChannelTypes onClassPath() {
        Map<String, ChannelType> types = new TreeMap<>();
        for (ChannelType type : ServiceLoader.load(ChannelType.class, ChannelTypes.class.getClassLoader())) {
            types.put(type.name(), type);
        }
        return new ChannelTypes(types);
    }

    /**
     * These types and those of a plugin folder.
     *
     * @throws IllegalArgumentException if a jar is invalid; the message continues the folder's name and names the jar
     */
    public ChannelTypes withPlugins(Path folder) {
        return withPlugins(Plugins.load(folder));
    }

    ChannelTypes withPlugins(List<Plugins.Plugin> plugins) {
        Map<String, ChannelType> all = new TreeMap<>(types);
        for (Plugins.Plugin plugin : plugins) {
            for (ChannelType type : plugin.types()) {
                if (all.putIfAbsent(type.name(), type) != null) {
                    throw new IllegalArgumentException(
                            "contains " + plugin.jar().getFileName() + ", whose channel type \"" + type.name()
                                    + "\" already exists");
                }
            }
        }
        return new ChannelTypes(all);
    }

    /** All types by name. */
    public Collection<ChannelType> all() {
        return types.values();
    }

    public Collection<String> names() {
        return types.keySet();
    }

    public Optional<ChannelType> find(String name) {
        return Optional.ofNullable(types.get(name));
    }

    /** The types' bill formats. */
    public List<BillFormat> billFormats() {
        return types.values().stream()
                .flatMap(type -> type.billFormat().stream())
                .toList();
    }
}
