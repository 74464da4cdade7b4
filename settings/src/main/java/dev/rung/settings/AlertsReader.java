package dev.rung.settings;

import dev.rung.alerts.AlertFormat;
import dev.rung.alerts.AlertSettings;
import dev.rung.delivery.http.AllowedTargets;
import dev.rung.delivery.http.EgressGuard;
import dev.rung.payments.channel.MemberChecks;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Validates the settings of alerts. */
final class AlertsReader {
    /** 16 to 64 bytes have 22 to 86 digits of base64, without those that only fill up. */
    private static final Pattern WEBHOOK_SECRET = Pattern.compile("whsec_[A-Za-z0-9+/]{22,86}={0,2}");

    private static final String ANYWHERE = "0.0.0.0/0,::/0";

    private AlertsReader() {}

    static @Nullable AlertSettings read(SettingsReader settings, RawSettings raw) {
        String url = settings.nullable(Setting.ALERTS_URL, AlertsReader::targetUrl);
        AlertFormat format = settings.value(
                Setting.ALERTS_FORMAT, AlertFormat.STANDARD, text -> MemberChecks.constant(text, AlertFormat.class));
        Secret secret = settings.nullable(
                Setting.ALERTS_SECRET_FILE,
                file -> SettingsReader.parsedContent(SettingsReader.content(file), text -> secret(text, format)));
        if (raw.text(Setting.ALERTS_URL).isEmpty()) {
            for (Setting setting : List.of(Setting.ALERTS_FORMAT, Setting.ALERTS_SECRET_FILE)) {
                if (raw.text(setting).isPresent()) {
                    settings.problem(settings.named(setting) + " requires --alerts-url");
                }
            }
            return null;
        }
        if (raw.text(Setting.ALERTS_SECRET_FILE).isPresent() && !format.hasSecret()) {
            settings.problem(settings.named(Setting.ALERTS_SECRET_FILE) + " does not apply: the format "
                    + format.name().toLowerCase(Locale.ROOT) + " has no signature");
        }
        return url == null ? null : new AlertSettings(url, format, secret == null ? null : secret.reveal());
    }

    private static Secret secret(String text, AlertFormat format) {
        if (format == AlertFormat.STANDARD && !WEBHOOK_SECRET.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "is not a secret of Standard Webhooks: whsec_ and the base64 of 16 to 64 bytes");
        }
        return new Secret(text);
    }

    private static String targetUrl(String text) {
        new EgressGuard(AllowedTargets.parse(ANYWHERE)).check(text).ifPresent(fault -> {
            throw new IllegalArgumentException(fault.message());
        });
        return text;
    }
}
