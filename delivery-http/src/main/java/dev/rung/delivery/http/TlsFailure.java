package dev.rung.delivery.http;

import java.io.EOFException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import org.jspecify.annotations.Nullable;

/** Explains why TLS was not established. */
final class TlsFailure {
    private static final int CAUSES_MAX = 10;
    private static final String ALERT = "Received fatal alert: ";

    private TlsFailure() {}

    static String explain(Throwable failure, String host) {
        String innermost = "";
        Throwable cause = failure;
        for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
            String known = known(cause, host);
            if (known != null) {
                return known;
            }
            innermost = String.valueOf(cause.getMessage());
            cause = cause.getCause();
        }
        return innermost;
    }

    private static @Nullable String known(Throwable cause, String host) {
        String message = String.valueOf(cause.getMessage());
        return switch (cause) {
            case CertificateExpiredException _ -> "its certificate has expired";
            case CertificateNotYetValidException _ -> "its certificate is not valid yet";
            case CertPathBuilderException _ ->
                "its certificate was not issued by an authority that this machine trusts";
            case CertificateException _ when message.startsWith("No ") -> "its certificate is not for " + host;
            case EOFException _ -> "it closed the connection during the handshake";
            default -> {
                int alert = message.indexOf(ALERT);
                yield alert < 0 ? byMessage(message) : alert(message.substring(alert + ALERT.length()));
            }
        };
    }

    private static @Nullable String byMessage(String message) {
        if (message.startsWith("Unsupported or unrecognized SSL message")) {
            return "it does not speak TLS";
        }
        // From a server that answers with its own choice of protocol (ALPN) instead of http/1.1.
        return message.startsWith("Invalid application_layer_protocol_negotiation")
                ? "it does not offer HTTP/1.1"
                : null;
    }

    /** An alert of the server, by its name in RFC 8446, 6.2. Rung presents a client certificate only if the receiver has one. */
    private static String alert(String name) {
        return switch (name) {
            case "certificate_required", "bad_certificate" -> "it requires a client certificate (" + name + ")";
            case "handshake_failure" ->
                "it rejected the handshake (handshake_failure): no common cipher suite, or it requires a client certificate";
            case "no_application_protocol" -> "it does not offer HTTP/1.1 (no_application_protocol)";
            case "protocol_version" -> "it supports neither TLS 1.2 nor TLS 1.3 (protocol_version)";
            case "unrecognized_name" -> "it does not know this host name (unrecognized_name)";
            default -> "it sent the alert " + name;
        };
    }
}
