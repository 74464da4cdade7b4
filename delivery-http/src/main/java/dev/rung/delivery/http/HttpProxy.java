package dev.rung.delivery.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * An outbound HTTP proxy. Rung requests a tunnel to the address that it has checked, so the proxy resolves no names.
 *
 * @param authorization value of {@code Proxy-Authorization}; null: none. Never shown.
 */
public record HttpProxy(String host, int port, @Nullable String authorization) {

    /** A proxy without authentication. */
    HttpProxy(String host, int port) {
        this(host, port, null);
    }

    /**
     * Parses {@code http://host:port} or {@code http://user:password@host:port}.
     *
     * @throws IllegalArgumentException if the form is another; the message continues the setting's name and does not repeat the value
     */
    public static HttpProxy parse(String text) {
        try {
            URI uri = new URI(text);
            String path = uri.getRawPath();
            if ("http".equalsIgnoreCase(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getPort() > 0
                    && uri.getPort() <= 65535
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && (path == null || path.isEmpty() || path.equals("/"))) {
                String host = uri.getHost();
                return new HttpProxy(
                        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                        uri.getPort(),
                        uri.getUserInfo() == null ? null : basic(uri.getUserInfo()));
            }
        } catch (URISyntaxException _) {
            // Reported below, without repeating what may contain a password.
        }
        throw new IllegalArgumentException("must be of the form http://host:port or http://user:password@host:port,"
                + " special characters in user and password percent-encoded");
    }

    /** RFC 7617. */
    private static String basic(String userInfo) {
        String credentials = userInfo.indexOf(':') < 0 ? userInfo + ":" : userInfo;
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    /** Without the credentials. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
