package dev.rung.cli.doctor;

import dev.rung.core.port.CheckResult;
import dev.rung.settings.Setting;
import dev.rung.settings.SettingOrigin;
import dev.rung.settings.Settings;
import dev.rung.settings.Settings.Listen.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reports the source of each setting, which are valid at this point, and checks the certificate's validity. */
final class SettingsCheck implements Check {
    private static final Duration SOON = Duration.ofDays(14);

    private final Settings settings;

    SettingsCheck(Settings settings) {
        this.settings = settings;
    }

    @Override
    public List<CheckResult> run() {
        CheckResult.Report report = new CheckResult.Report("settings");
        Map<String, List<String>> set = new TreeMap<>();
        for (Setting setting : Setting.all(settings.payments().types())) {
            place(settings.origin(setting))
                    .ifPresent(
                            p -> set.computeIfAbsent(p, k -> new ArrayList<>()).add(setting.key()));
        }
        set.forEach((place, names) -> report.ok("from " + place + ": " + String.join(", ", names)));
        if (set.isEmpty()) {
            report.ok("all settings have their defaults");
        }
        Tls tls = settings.listen().tls();
        if (tls != null) {
            certificate(report, tls);
        }
        return report.results();
    }

    private static Optional<String> place(SettingOrigin origin) {
        return switch (origin) {
            case SettingOrigin.Flag f -> Optional.of("the command line");
            case SettingOrigin.Variable v -> Optional.of("the environment");
            case SettingOrigin.File f -> Optional.of(f.path());
            case SettingOrigin.Default d -> Optional.empty();
        };
    }

    private static void certificate(CheckResult.Report report, Tls tls) {
        try (InputStream in = Files.newInputStream(tls.certificate())) {
            X509Certificate certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            Instant until = certificate.getNotAfter().toInstant();
            String name = certificate.getSubjectX500Principal().getName();
            if (until.isBefore(Instant.now())) {
                report.wrong("the certificate of " + name + " has expired at " + until, "renew " + tls.certificate());
            } else if (until.isBefore(Instant.now().plus(SOON))) {
                report.note("the certificate of " + name + " expires at " + until, "renew " + tls.certificate());
            } else {
                report.ok("certificate of " + name + ", valid until " + until);
            }
        } catch (IOException | GeneralSecurityException e) {
            report.wrong(
                    tls.certificate() + " is not readable as a certificate: " + e.getMessage(), "a PEM file is needed");
        }
    }
}
