package dev.rung.server.wiring;

import dev.rung.alerts.Expiry;
import dev.rung.core.model.Endpoint;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Receiver;
import dev.rung.core.port.KeyStore;
import dev.rung.core.port.MerchantStore;
import dev.rung.payments.channel.CertifiedChannel;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.settings.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys and certificates that expire: API keys, this server's certificate, client certificates for merchants, those of channel accounts. */
final class Expiries implements Supplier<List<Expiry>> {
    private static final Logger LOG = LoggerFactory.getLogger(Expiries.class);
    private static final int PAGE = 500;

    private final Settings settings;
    private final KeyStore keys;
    private final MerchantStore merchants;
    private final Supplier<List<PaymentChannel>> channels;

    Expiries(Settings settings, KeyStore keys, MerchantStore merchants, Supplier<List<PaymentChannel>> channels) {
        this.settings = settings;
        this.keys = keys;
        this.merchants = merchants;
        this.channels = channels;
    }

    @Override
    public List<Expiry> get() {
        List<Expiry> found = new ArrayList<>();
        for (KeyStore.Key key : keys.list(null)) {
            if (key.expiresAt() != null && key.revokedAt() == null) {
                found.add(Expiry.ofKey(key.name() == null ? "…" + key.hint() : key.name(), key.expiresAt()));
            }
        }
        Settings.Listen.Tls tls = settings.listen().tls();
        if (tls != null) {
            try {
                add(found, "--tls-cert", Files.readString(tls.certificate()));
            } catch (IOException e) {
                LOG.warn("--tls-cert cannot be read: {}", e.toString());
            }
        }
        ofMerchants(found);
        channels.get().forEach(channel -> ofChannel(found, channel));
        return found;
    }

    private void ofMerchants(List<Expiry> found) {
        MerchantId before = null;
        List<Merchant> page;
        do {
            page = merchants.list(before, PAGE);
            for (Merchant merchant : page) {
                before = merchant.id();
                if (!merchant.isDeleted()) {
                    ofReceiver(found, merchant.id().toString(), merchant.receiver());
                    for (Endpoint endpoint : merchant.endpoints()) {
                        ofReceiver(found, merchant.id() + "/" + endpoint.id(), endpoint.receiver());
                    }
                }
            }
        } while (page.size() == PAGE);
    }

    private static void ofChannel(List<Expiry> found, PaymentChannel channel) {
        if (channel instanceof CertifiedChannel certified) {
            for (CertifiedChannel.Certificate certificate : certified.certificates()) {
                found.add(Expiry.ofCertificate(
                        channel.name() + "/" + certificate.member(),
                        certificate.expiresAt().toEpochMilli()));
            }
        }
    }

    private static void ofReceiver(List<Expiry> found, String name, Receiver receiver) {
        Receiver.Tls tls = receiver.tls();
        if (tls != null && tls.clientCert() != null) {
            add(found, name, tls.clientCert());
        }
    }

    /** The first certificate of a chain in PEM. */
    private static void add(List<Expiry> found, String name, String pem) {
        try {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
            found.add(Expiry.ofCertificate(
                    name, certificate.getNotAfter().toInstant().toEpochMilli()));
        } catch (CertificateException e) {
            LOG.warn("the certificate of {} cannot be read: {}", name, e.toString());
        }
    }
}
