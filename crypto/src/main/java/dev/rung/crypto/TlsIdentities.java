package dev.rung.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rung.core.model.Receiver;
import dev.rung.core.model.ReceiverId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Private certificate authorities and client certificates of receivers. Thread-safe. */
public final class TlsIdentities {
    private static final int REMEMBERED_MAX = 1_000;
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----", Pattern.DOTALL);
    private static final char[] NO_PASSWORD = {};

    private final Vault vault;
    private final ConcurrentMap<ReceiverId, Opened> remembered = new ConcurrentHashMap<>();

    TlsIdentities(Vault vault) {
        this.vault = vault;
    }

    /** The same context as long as the settings are the same, so that its connections can be reused. */
    private record Opened(Receiver.Tls from, SSLContext context) {
        boolean isOf(Receiver.Tls tls) {
            return Objects.equals(from.ca(), tls.ca())
                    && Objects.equals(from.clientCert(), tls.clientCert())
                    && Arrays.equals(from.sealedKey(), tls.sealedKey());
        }
    }

    /**
     * Checks a private authority.
     *
     * @throws IllegalArgumentException if it is not one; the message continues the field's name
     */
    public static void checkAuthority(String pem) {
        certificates(pem);
    }

    /**
     * Checks a client certificate and its key.
     *
     * @throws IllegalArgumentException if the key is not that of the certificate; the message continues the field's name of the key
     */
    public static void checkKey(String certificates, String key) {
        try {
            Certificate own = certificates(certificates).iterator().next();
            PrivateKey opened = privateKey(key, own);
            String algorithm = switch (own.getPublicKey().getAlgorithm()) {
                case "RSA" -> "SHA256withRSA";
                case "EC" -> "SHA256withECDSA";
                default -> own.getPublicKey().getAlgorithm();
            };
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(opened);
            signer.update(own.getEncoded());
            byte[] signature = signer.sign();
            signer.initVerify(own.getPublicKey());
            signer.update(own.getEncoded());
            if (!signer.verify(signature)) {
                throw new IllegalArgumentException("is not the key of client_cert");
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("is not the key of client_cert", e);
        }
    }

    /**
     * Seals the settings of a receiver, which have been checked.
     *
     * @param key of the client certificate, PKCS #8 PEM; null if there is none
     */
    public Receiver.Tls seal(ReceiverId owner, @Nullable String ca, @Nullable String clientCert, @Nullable String key) {
        return new Receiver.Tls(ca, clientCert, key == null ? null : vault.seal(name(owner), key.getBytes(US_ASCII)));
    }

    /**
     * The TLS of a receiver: it trusts the private authority alone, if there is one, and presents the client certificate.
     *
     * @throws IllegalStateException if the key cannot be opened
     */
    public SSLContext context(ReceiverId owner, Receiver.Tls tls) {
        Opened known = remembered.get(owner);
        if (known != null && known.isOf(tls)) {
            return known.context;
        }
        Opened opened = new Opened(tls, open(owner, tls));
        if (remembered.size() >= REMEMBERED_MAX) {
            remembered.clear();
        }
        remembered.put(owner, opened);
        return opened.context;
    }

    Receiver.@Nullable Tls reseal(ReceiverId owner, Receiver.@Nullable Tls tls) {
        return tls == null || tls.sealedKey() == null
                ? tls
                : new Receiver.Tls(tls.ca(), tls.clientCert(), vault.reseal(name(owner), tls.sealedKey()));
    }

    private SSLContext open(ReceiverId owner, Receiver.Tls tls) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(tls.ca() == null ? null : authorities(tls.ca()));
            KeyManagerFactory keys = null;
            if (tls.clientCert() != null && tls.sealedKey() != null) {
                String key = new String(vault.open(name(owner), tls.sealedKey()), US_ASCII);
                Certificate[] chain = certificates(tls.clientCert()).toArray(Certificate[]::new);
                KeyStore store = emptyStore();
                store.setKeyEntry("client", privateKey(key, chain[0]), NO_PASSWORD, chain);
                keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keys.init(store, NO_PASSWORD);
            }
            context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the TLS settings of " + owner + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static KeyStore authorities(String pem) throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        int number = 0;
        for (Certificate each : certificates(pem)) {
            store.setCertificateEntry("ca" + number++, each);
        }
        return store;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(String pem) {
        try {
            Collection<? extends Certificate> read = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(US_ASCII)));
            if (!read.isEmpty()) {
                return read;
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("is not one or more certificates in PEM", e);
        }
        throw new IllegalArgumentException("is not one or more certificates in PEM");
    }

    private static PrivateKey privateKey(String pem, Certificate certificate) throws GeneralSecurityException {
        Matcher matcher = KEY.matcher(pem.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("is not a private key in PKCS #8 PEM");
        }
        byte[] encoded;
        try {
            encoded = Base64.getMimeDecoder().decode(matcher.group(1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not a private key in PKCS #8 PEM", e);
        }
        return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    private static String name(ReceiverId owner) {
        return "TLS key of " + owner;
    }
}
