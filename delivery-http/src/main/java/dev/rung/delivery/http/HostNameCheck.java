package dev.rung.delivery.http;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Verifies that a certificate is for a host whose name the JDK does not accept, such as one with an underscore: RFC 9525, with the
 * subject alternative names alone.
 */
final class HostNameCheck {
    private static final int DNS_NAME = 2;

    private HostNameCheck() {}

    /** Whether the JDK's own verification accepts this host name. */
    static boolean isSupportedByJdk(String host) {
        try {
            return !new SNIHostName(host).getAsciiName().isEmpty();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /**
     * Verifies the certificate of a session.
     *
     * @throws CertificateException if it is not for the host
     */
    static void verify(SSLSession session, String host) throws SSLPeerUnverifiedException, CertificateException {
        if (session.getPeerCertificates()[0] instanceof X509Certificate certificate) {
            verify(certificate, host);
        } else {
            throw new CertificateException("No X.509 certificate of " + host);
        }
    }

    static void verify(X509Certificate certificate, String host) throws CertificateException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names != null) {
            for (List<?> name : names) {
                if (name.get(0).equals(DNS_NAME) && matches(String.valueOf(name.get(1)), host)) {
                    return;
                }
            }
        }
        throw new CertificateException("No subject alternative name matches " + host);
    }

    /** A wildcard stands for one whole label, the leftmost, and only below two further ones. */
    static boolean matches(String pattern, String host) {
        String name = pattern.toLowerCase(Locale.ROOT);
        if (!name.startsWith("*.")) {
            return name.equals(host);
        }
        String rest = name.substring(1);
        int dot = host.indexOf('.');
        return dot > 0 && rest.indexOf('.', 1) > 0 && host.substring(dot).equals(rest);
    }
}
