package dev.rung.settings;

import dev.rung.payments.channel.MemberChecks;
import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Validates the settings of OpenTelemetry. */
final class TracingReader {
    private TracingReader() {}

    static Settings.@Nullable Tracing read(SettingsReader settings) {
        URI endpoint = settings.nullable(Setting.OTLP_ENDPOINT, MemberChecks::webAddress);
        String name = settings.value(Setting.OTEL_SERVICE_NAME, "", Function.identity());
        String sampler = settings.value(Setting.OTEL_SAMPLER, "", TracingReader::sampler);
        double ratio = settings.value(Setting.OTEL_SAMPLER_ARGUMENT, 1.0, TracingReader::ratio);
        return endpoint == null ? null : new Settings.Tracing(endpoint, name, sampler, ratio);
    }

    private static String sampler(String text) {
        if (!text.matches("(parentbased_)?(always_on|always_off|traceidratio)")) {
            throw new IllegalArgumentException(
                    "is not always_on, always_off or traceidratio, or parentbased_ and one of these");
        }
        return text;
    }

    private static double ratio(String text) {
        if (!text.matches("0(\\.[0-9]+)?|1(\\.0+)?")) {
            throw new IllegalArgumentException("must be a number from 0 to 1");
        }
        return Double.parseDouble(text);
    }
}
