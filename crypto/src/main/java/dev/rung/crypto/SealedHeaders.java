package dev.rung.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Seals the values of static headers, which are secrets, and opens them for requests. Thread-safe. */
public final class SealedHeaders {
    private static final int REMEMBERED_MAX = 10_000;
    /** No header value contains it. */
    private static final String SEPARATOR = "\n";

    private final Vault vault;
    private final ConcurrentMap<ReceiverId, Opened> remembered = new ConcurrentHashMap<>();

    SealedHeaders(Vault vault) {
        this.vault = vault;
    }

    private record Opened(Receiver.Headers from, Map<String, String> values) {}

    /** Seals headers; null if there are none. */
    public Receiver.@Nullable Headers seal(ReceiverId owner, Map<String, String> headers) {
        if (headers.isEmpty()) {
            return null;
        }
        List<String> names = new ArrayList<>(headers.keySet());
        String values = String.join(SEPARATOR, headers.values());
        return new Receiver.Headers(List.copyOf(names), vault.seal(name(owner), values.getBytes(UTF_8)));
    }

    /**
     * The headers with their values.
     *
     * @throws IllegalStateException if they cannot be opened
     */
    public Map<String, String> open(ReceiverId owner, Receiver.@Nullable Headers headers) {
        if (headers == null) {
            return Map.of();
        }
        Opened known = remembered.get(owner);
        if (known != null && Arrays.equals(known.from.sealed(), headers.sealed())) {
            return known.values;
        }
        String[] values = new String(vault.open(name(owner), headers.sealed()), UTF_8).split(SEPARATOR, -1);
        Map<String, String> opened = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            opened.put(headers.names().get(i), values[i]);
        }
        if (remembered.size() >= REMEMBERED_MAX) {
            remembered.clear();
        }
        remembered.put(owner, new Opened(headers, opened));
        return opened;
    }

    Receiver.@Nullable Headers reseal(ReceiverId owner, Receiver.@Nullable Headers headers) {
        return headers == null
                ? null
                : new Receiver.Headers(headers.names(), vault.reseal(name(owner), headers.sealed()));
    }

    private static String name(ReceiverId owner) {
        return "headers of " + owner;
    }
}
