package dev.rung.server.wiring;

import dev.rung.settings.Settings.Listen.Tls;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;

/** Configures a connector for TLS 1.2 and 1.3 with the certificate of two PEM files, which it can read again. */
final class TlsConnector {
    /** Forward secrecy and authenticated encryption only; no CBC. */
    private static final String CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20";

    private TlsConnector() {}

    static void configure(Connector connector, Tls tls) {
        SSLHostConfig host = new SSLHostConfig();
        host.setProtocols("TLSv1.2+TLSv1.3");
        host.setCiphers(CIPHERS);
        host.setHonorCipherOrder(true);
        SSLHostConfigCertificate certificate =
                new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateFile(tls.certificate().toString());
        certificate.setCertificateKeyFile(tls.key().toString());
        host.addCertificate(certificate);
        connector.setScheme("https");
        connector.setSecure(true);
        if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> protocol) {
            protocol.setSSLEnabled(true);
        }
        connector.addSslHostConfig(host);
    }
}
