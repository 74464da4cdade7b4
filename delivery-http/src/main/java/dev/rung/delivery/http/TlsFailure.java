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
            default -> message.startsWith("Unsupported or unrecognized SSL message") ? "it does not speak TLS" : null;
        };
    }
}
