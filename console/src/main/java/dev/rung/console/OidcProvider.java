package dev.rung.console;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jose.jws.JwsAlgorithm;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The OpenID Connect provider, as its discovery document describes it. It is asked for that at the first sign-in. Thread-safe. */
final class OidcProvider implements ClientRegistrationRepository {
    /** The id of the only registration. */
    static final String REGISTRATION = "oidc";

    static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int DOCUMENT_LENGTH_MAX = 1 << 20;
    /** Requested if the provider lists them. */
    private static final Set<String> SCOPES = Set.of("profile", "email", "groups");

    private final OidcSettings settings;
    private final String redirectPath;
    private volatile @Nullable ClientRegistration registration;

    OidcProvider(OidcSettings settings, String redirectPath) {
        this.settings = settings;
        this.redirectPath = redirectPath;
    }

    /**
     * The registration of this server.
     *
     * @return null for another id
     * @throws AuthenticationServiceException if the provider does not answer as it should
     */
    @Override
    public @Nullable ClientRegistration findByRegistrationId(String id) {
        if (!id.equals(REGISTRATION)) {
            return null;
        }
        ClientRegistration known = registration;
        if (known == null) {
            known = read();
            registration = known;
        }
        return known;
    }

    private ClientRegistration read() {
        Map<String, Object> document = document();
        if (!withoutSlash(String.valueOf(document.get("issuer"))).equals(withoutSlash(settings.issuer()))) {
            throw new AuthenticationServiceException(
                    "the issuer of the discovery document is " + document.get("issuer") + ", not " + settings.issuer());
        }
        try {
            ClientRegistration.Builder builder = ClientRegistrations.fromOidcConfiguration(document)
                    .registrationId(REGISTRATION)
                    .clientId(settings.clientId())
                    .redirectUri(settings.publicUrl().get() + redirectPath)
                    .scope(scopes(document))
                    .clientSettings(ClientRegistration.ClientSettings.builder()
                            .requireProofKey(true)
                            .build());
            return settings.clientSecret() == null
                    ? builder.clientAuthenticationMethod(ClientAuthenticationMethod.NONE)
                            .build()
                    : builder.clientSecret(settings.clientSecret()).build();
        } catch (RuntimeException e) {
            throw new AuthenticationServiceException("the discovery document is not valid: " + e.getMessage(), e);
        }
    }

    private Map<String, Object> document() {
        URI uri = URI.create(withoutSlash(settings.issuer()) + "/.well-known/openid-configuration");
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(uri)
                            .timeout(TIMEOUT)
                            .header("Accept", "application/json")
                            .build(),
                    HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), DOCUMENT_LENGTH_MAX));
            if (response.statusCode() != 200) {
                throw new AuthenticationServiceException(uri + " answers with status " + response.statusCode());
            }
            return JsonMapper.shared().readValue(response.body(), new TypeReference<Map<String, Object>>() {});
        } catch (IOException | JacksonException e) {
            throw new AuthenticationServiceException(uri + " is not available: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuthenticationServiceException("interrupted", e);
        }
    }

    private static Set<String> scopes(Map<String, Object> document) {
        Set<String> scopes = new TreeSet<>(Set.of("openid"));
        if (document.get("scopes_supported") instanceof Collection<?> supported) {
            SCOPES.stream().filter(supported::contains).forEach(scopes::add);
        }
        return scopes;
    }

    /** The algorithm of ID tokens: RS256, as OpenID Connect prescribes, unless the provider has only others. */
    static JwsAlgorithm algorithm(ClientRegistration registration) {
        Object supported = registration
                .getProviderDetails()
                .getConfigurationMetadata()
                .get("id_token_signing_alg_values_supported");
        List<?> names = supported instanceof List<?> list ? list : List.of();
        if (names.isEmpty() || names.contains(SignatureAlgorithm.RS256.getName())) {
            return SignatureAlgorithm.RS256;
        }
        for (Object name : names) {
            SignatureAlgorithm algorithm = SignatureAlgorithm.from(String.valueOf(name));
            if (algorithm != null) {
                return algorithm;
            }
        }
        return SignatureAlgorithm.RS256;
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
