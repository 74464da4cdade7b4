package dev.rung.store.common;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads the scripts of {@link SchemaMigrations} as text. */
public final class SchemaScripts {
    private SchemaScripts() {}

    /**
     * The scripts, one after the other.
     *
     * @param provider whose class loader has them
     * @param location the folder on the class path
     * @param names in the order of their versions
     */
    public static String read(Class<?> provider, String location, List<String> names) {
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            try (InputStream in = provider.getResourceAsStream("/" + location + "/" + name)) {
                if (in == null) {
                    throw new IllegalStateException(location + "/" + name + " is missing on the class path");
                }
                text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip())
                        .append("\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return text.toString();
    }
}
