package dev.rung.api;

import dev.rung.web.FieldReader;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a notification can be sent to a URL: by its form and by the addresses in it, without a DNS lookup. The sender applies
 * the same rules, so that a URL is either refused when it is given or can be delivered to. Thread-safe.
 */
@FunctionalInterface
public interface UrlCheck {

    /** Why the URL cannot be sent to; empty if it can. */
    Optional<Fault> check(String url);

    /**
     * Why a URL is refused.
     *
     * @param code {@code too_long}, {@code invalid_url} or {@code not_reachable}
     * @param message continues the field's name
     * @param arguments the parts of the message that vary
     */
    record Fault(String code, String message, List<Object> arguments) {}

    /** Reads a URL; null if the member is absent, {@code null} or invalid. */
    default @Nullable String read(FieldReader fields, String name) {
        String url = fields.text(name);
        Optional<Fault> fault = url == null ? Optional.empty() : check(url);
        fault.ifPresent(
                f -> fields.wrong(name, f.code(), f.message(), f.arguments().toArray()));
        return fault.isPresent() ? null : url;
    }
}
