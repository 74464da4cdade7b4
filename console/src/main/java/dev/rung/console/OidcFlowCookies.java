package dev.rung.console;

import dev.rung.crypto.Vault;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;

/** Keeps what a sign-in by OpenID Connect began with in a sealed cookie, so that every server can finish it. Thread-safe. */
final class OidcFlowCookies implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {
    private static final String COOKIE = "rung_oidc";
    private static final String CONTEXT = "sign-in by OpenID Connect";
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final String NEXT = OidcFlowCookies.class.getName() + ".next";

    private final Vault vault;
    private final InstantSource clock;
    private final boolean tls;

    OidcFlowCookies(Vault vault, InstantSource clock, boolean tls) {
        this.vault = vault;
        this.clock = clock;
        this.tls = tls;
    }

    /** Where the user wanted to go; a local path. Of a request whose flow was removed. */
    static String next(HttpServletRequest request) {
        return request.getAttribute(NEXT) instanceof String next ? Paths.local(next) : "/";
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest request) {
        String cookie = Cookies.value(request, name(request));
        if (cookie == null) {
            return null;
        }
        byte[] content;
        try {
            content = vault.open(CONTEXT, Base64.getUrlDecoder().decode(cookie));
        } catch (IllegalArgumentException | IllegalStateException e) {
            return null; // sealed under another master key, or forged
        }
        return read(content, request);
    }

    private @Nullable OAuth2AuthorizationRequest read(byte[] content, HttpServletRequest request) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
            if (clock.millis() >= in.readLong()) {
                return null;
            }
            request.setAttribute(NEXT, in.readUTF());
            OAuth2AuthorizationRequest.Builder flow = OAuth2AuthorizationRequest.authorizationCode()
                    .authorizationUri(in.readUTF())
                    .clientId(in.readUTF())
                    .redirectUri(in.readUTF())
                    .state(in.readUTF())
                    .scope(in.readUTF().split(" ", -1));
            Map<String, Object> attributes = new LinkedHashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                attributes.put(in.readUTF(), in.readUTF());
            }
            return flow.attributes(attributes).build();
        } catch (IOException e) {
            return null; // sealed by another version
        }
    }

    @Override
    public void saveAuthorizationRequest(
            @Nullable OAuth2AuthorizationRequest flow, HttpServletRequest request, HttpServletResponse response) {
        if (flow == null) {
            cookie(request, response, "", Duration.ZERO);
            return;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(clock.millis() + LIFE.toMillis());
            out.writeUTF(Form.parse(request.getQueryString()).shown("next"));
            out.writeUTF(flow.getAuthorizationUri());
            out.writeUTF(flow.getClientId());
            out.writeUTF(String.valueOf(flow.getRedirectUri()));
            out.writeUTF(String.valueOf(flow.getState()));
            out.writeUTF(String.join(" ", flow.getScopes()));
            out.writeInt(flow.getAttributes().size());
            for (Map.Entry<String, Object> attribute : flow.getAttributes().entrySet()) {
                out.writeUTF(attribute.getKey());
                out.writeUTF(attribute.getValue().toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a text is too long
        }
        String sealed =
                Base64.getUrlEncoder().withoutPadding().encodeToString(vault.seal(CONTEXT, bytes.toByteArray()));
        cookie(request, response, sealed, LIFE);
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest removeAuthorizationRequest(
            HttpServletRequest request, HttpServletResponse response) {
        OAuth2AuthorizationRequest flow = loadAuthorizationRequest(request);
        if (flow != null) {
            saveAuthorizationRequest(null, request, response);
        }
        return flow;
    }

    /** {@code SameSite=Lax}, because the provider's redirect comes from another site. */
    private void cookie(HttpServletRequest request, HttpServletResponse response, String value, Duration life) {
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(name(request), value)
                        .path("/")
                        .maxAge(life)
                        .httpOnly(true)
                        .sameSite("Lax")
                        .secure(tls)
                        .build()
                        .toString());
    }

    private String name(HttpServletRequest request) {
        return tls ? "__Host-" + COOKIE : COOKIE + "_" + request.getServerPort();
    }
}
