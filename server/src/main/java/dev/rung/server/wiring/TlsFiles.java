package dev.rung.server.wiring;

import dev.rung.settings.Settings.Listen.Tls;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import org.springframework.boot.ssl.pem.PemContent;

/**
 * Checks the certificate and its key before the server starts: Tomcat's messages do not name the setting, and Tomcat does not notice that the two do not belong together.
 */
final class TlsFiles {
    private static final byte[] SAMPLE = {1, 2, 3};

    private TlsFiles() {}

    /** @throws StartupException naming the setting whose file cannot be used */
    static void check(Tls tls) {
        X509Certificate certificate = certificate(tls.certificate());
        PrivateKey key = key(tls.key());
        if (!belongTogether(certificate.getPublicKey(), key)) {
            throw new StartupException(
                    "--tls-key: " + tls.key() + " is not the key of the first certificate in " + tls.certificate());
        }
    }

    private static X509Certificate certificate(Path file) {
        try {
            List<X509Certificate> chain = PemContent.load(file).getCertificates();
            return chain.getFirst();
        } catch (IOException | RuntimeException e) {
            throw new StartupException("--tls-cert: " + file + " is not readable as a certificate chain in PEM", e);
        }
    }

    private static PrivateKey key(Path file) {
        PrivateKey key;
        try {
            key = PemContent.load(file).getPrivateKey();
        } catch (IOException | RuntimeException e) {
            key = null;
        }
        if (key == null) {
            // Without the cause, which may quote the file.
            throw new StartupException("--tls-key: " + file + " is not readable as a private key in PEM (PKCS#8)");
        }
        return key;
    }

    private static boolean belongTogether(PublicKey certified, PrivateKey key) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA" -> "EdDSA";
            default -> null;
        };
        if (algorithm == null) {
            return true; // A rare kind: the first caller finds out.
        }
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(SAMPLE);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certified);
            verifier.update(SAMPLE);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
