package dev.rung.adapter.http;

import java.net.URI;
import java.net.URISyntaxException;

/** An outbound HTTP proxy. Rung asks it for a tunnel to the very address it has vetted, so the proxy looks nothing up. */
public record HttpProxy(String host, int port) {

    /**
     * Reads {@code http://host:port}.
     *
     * @throws IllegalArgumentException if it is something else; the message goes on from the setting's name
     */
    public static HttpProxy parse(String text) {
        try {
            URI uri = new URI(text);
            String path = uri.getRawPath();
            if ("http".equalsIgnoreCase(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getPort() > 0
                    && uri.getPort() <= 65535
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && (path == null || path.isEmpty() || path.equals("/"))) {
                String host = uri.getHost();
                return new HttpProxy(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, uri.getPort());
            }
        } catch (URISyntaxException _) {
            // Told below, without repeating what may hold a password.
        }
        throw new IllegalArgumentException("must be of the form http://host:port, without credentials");
    }
}
