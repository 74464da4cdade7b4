package dev.rung.client;

import org.jspecify.annotations.Nullable;

/**
 * TLS settings of a receiver.
 *
 * @param ca the only certificate authorities that are trusted, PEM; null: those of the server's machine
 * @param clientCert a client certificate, PEM; null: none
 * @param clientKey its key, PKCS #8 PEM; never shown by the server
 */
public record ClientTls(
        @Nullable String ca,
        @Nullable String clientCert,
        @Nullable String clientKey) {

    JsonWriter json() {
        return JsonWriter.object().put("ca", ca).put("client_cert", clientCert).put("client_key", clientKey);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "ClientTls[]";
    }
}
