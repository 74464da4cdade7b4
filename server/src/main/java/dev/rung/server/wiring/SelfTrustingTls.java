package dev.rung.server.wiring;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts the server's own certificate, whatever its issuer and names, in addition to what the JDK trusts: a server that speaks to
 * itself does so by the address it listens at, which no certificate need name. Only the holder of the private key can present it.
 */
final class SelfTrustingTls extends X509ExtendedTrustManager {
    private final Path chain;
    private volatile X509Certificate own;
    private final X509ExtendedTrustManager others;

    private SelfTrustingTls(Path chain, X509ExtendedTrustManager others) throws IOException, CertificateException {
        this.chain = chain;
        this.own = first(chain);
        this.others = others;
    }

    /**
     * For clients that speak to this very server.
     *
     * @param chain PEM, the server's own certificate first
     */
    static SSLContext trusting(Path chain) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new SelfTrustingTls(chain, ofTheJdk())}, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new StartupException("the certificate in " + chain + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static X509ExtendedTrustManager ofTheJdk() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return Stream.of(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static X509Certificate first(Path chain) throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(chain)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    /** Whether it is the server's; the file is read again, because the certificate may have been replaced. */
    private boolean isOwn(X509Certificate[] presented) throws CertificateException {
        if (presented.length == 0) {
            return false;
        }
        if (!presented[0].equals(own)) {
            try {
                own = first(chain);
            } catch (IOException e) {
                throw new CertificateException("the server's own certificate cannot be read", e);
            }
        }
        return presented[0].equals(own);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        if (!isOwn(chain)) {
            others.checkServerTrusted(chain, authType, engine);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        if (!isOwn(chain)) {
            others.checkServerTrusted(chain, authType, socket);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (!isOwn(chain)) {
            others.checkServerTrusted(chain, authType);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        others.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        others.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        others.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return others.getAcceptedIssuers();
    }
}
