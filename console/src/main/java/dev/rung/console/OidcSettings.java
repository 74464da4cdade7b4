package dev.rung.console;

import java.net.URI;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sign-in by OpenID Connect.
 *
 * @param issuer the provider's issuer identifier, an http or https URL
 * @param clientSecret null for a public client
 * @param operators claim values that grant the role operator
 * @param viewers claim values that grant the role viewer
 * @param claim its name; a name with dots also finds a member of an object, such as {@code realm_access.roles}
 * @param publicUrl where browsers reach this server, without a slash at the end
 */
public record OidcSettings(
        String issuer,
        String clientId,
        @Nullable String clientSecret,
        Set<String> operators,
        Set<String> viewers,
        String claim,
        Supplier<URI> publicUrl) {

    /** What decides who may sign in as what. */
    String identity() {
        return String.join(
                "\n",
                issuer,
                clientId,
                claim,
                String.join(",", new TreeSet<>(operators)),
                String.join(",", new TreeSet<>(viewers)));
    }

    @Override
    public String toString() {
        return "OidcSettings[" + issuer + ", " + clientId + "]";
    }
}
