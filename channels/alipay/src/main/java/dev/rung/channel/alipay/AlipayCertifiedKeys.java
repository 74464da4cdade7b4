package dev.rung.channel.alipay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.KeptFile;
import dev.rung.channel.gateway.RsaKeys;
import dev.rung.channel.gateway.TextLimits;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Alipay's keys in the certificate mode: the certificate of the settings, and those that Alipay has issued since, fetched when an answer names them and kept
 * in a file. Each has to be issued under the account's root certificates. Thread-safe.
 */
final class AlipayCertifiedKeys implements AlipayKeys {
    /** An answer without a valid signature may name any certificate, so that fetching is limited. */
    private static final Duration FETCH_PAUSE = Duration.ofMinutes(1);

    private static final int SN_SHOWN_MAX = 64;

    private final AlipayCertificates account;
    private final Download download;
    private final KeptFile file;
    private final InstantSource clock;
    private final Map<String, X509Certificate> known = new ConcurrentHashMap<>();
    /** All that was fetched, with issuers. */
    private final Set<X509Certificate> fetched = new LinkedHashSet<>();

    private Instant nextFetch = Instant.MIN;

    /** Fetches a certificate from Alipay. */
    interface Download {
        /**
         * Returns the certificate in PEM, which may be followed by those of its issuers.
         *
         * @throws IllegalArgumentException with what is wrong
         */
        String certificate(String sn, Deadline deadline);
    }

    AlipayCertifiedKeys(AlipayCertificates account, Download download, KeptFile file, InstantSource clock) {
        this.account = account;
        this.download = download;
        this.file = file;
        this.clock = clock;
        X509Certificate given = account.alipay().getFirst();
        known.put(AlipayCertificates.sn(given), given);
        file.read().ifPresent(this::recall);
    }

    private synchronized void recall(byte[] pem) {
        List<X509Certificate> kept = RsaKeys.certificates(new String(pem, ISO_8859_1));
        fetched.addAll(kept);
        for (X509Certificate certificate : kept) {
            if (certificate.getBasicConstraints() < 0
                    && account.fault(certificate, kept, clock.instant()).isEmpty()) {
                known.put(AlipayCertificates.sn(certificate), certificate);
            }
        }
    }

    @Override
    public PublicKey ofAnswer(@Nullable String certSn, Deadline deadline) {
        if (certSn == null) {
            throw new IllegalArgumentException(
                    "without alipay_cert_sn: the app may use a public key, not certificates");
        }
        X509Certificate certificate = known.get(certSn);
        if (certificate == null) {
            certificate = fetch(certSn, deadline);
        }
        if (isExpired(certificate)) {
            throw new IllegalArgumentException("signed with a certificate that expired at "
                    + certificate.getNotAfter().toInstant() + ": " + certSn);
        }
        return certificate.getPublicKey();
    }

    private synchronized X509Certificate fetch(String sn, Deadline deadline) {
        X509Certificate other = known.get(sn);
        if (other != null) {
            return other;
        }
        String unknown = "signed with the unknown certificate " + TextLimits.truncate(sn, SN_SHOWN_MAX);
        Instant now = clock.instant();
        if (!sn.matches("[0-9a-f]{32}") || now.isBefore(nextFetch)) {
            throw new IllegalArgumentException(unknown);
        }
        nextFetch = now.plus(FETCH_PAUSE);
        try {
            List<X509Certificate> chain = RsaKeys.certificates(download.certificate(sn, deadline));
            X509Certificate certificate = chain.getFirst();
            if (!AlipayCertificates.sn(certificate).equals(sn)) {
                throw new IllegalArgumentException("Alipay gave another one");
            }
            account.fault(certificate, chain, now).ifPresent(fault -> {
                throw new IllegalArgumentException("it " + fault);
            });
            known.put(sn, certificate);
            fetched.removeIf(this::isExpired);
            fetched.addAll(chain);
            file.write(RsaKeys.pem(fetched).getBytes(ISO_8859_1));
            return certificate;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(unknown + ", which could not be fetched: " + e.getMessage(), e);
        }
    }

    private boolean isExpired(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant().isBefore(clock.instant());
    }

    @Override
    public List<PublicKey> ofCallbacks() {
        return known.values().stream()
                .filter(certificate -> !isExpired(certificate))
                .map(X509Certificate::getPublicKey)
                .distinct()
                .toList();
    }

    /** Of the certificates that replace each other, the one that expires last. */
    X509Certificate newest() {
        return known.values().stream()
                .max(Comparator.comparing(X509Certificate::getNotAfter))
                .orElseThrow();
    }
}
