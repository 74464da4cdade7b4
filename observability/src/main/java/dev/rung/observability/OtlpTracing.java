package dev.rung.observability;

import dev.rung.core.model.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends spans by OTLP over HTTP. */
public final class OtlpTracing implements Tracing {
    private static final String SCOPE = "dev.rung";

    private final SdkTracerProvider provider;
    private final Tracer tracer;

    /**
     * Opens the connection to a collector, which need not be there yet.
     *
     * @param endpoint its base URL; spans are sent to {@code /v1/traces} below it
     * @param sampler which traces are recorded, in the words of OpenTelemetry: {@code parentbased_always_on}
     * @param ratio from 0 to 1, for a sampler by ratio
     */
    public OtlpTracing(URI endpoint, String serviceName, String version, String sampler, double ratio) {
        provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault().toBuilder()
                        .put("service.name", serviceName)
                        .put("service.version", version)
                        .build())
                .setSampler(sampler(sampler, ratio))
                .addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                .setEndpoint(endpoint.toString().replaceAll("/+$", "") + "/v1/traces")
                                .build())
                        .build())
                .build();
        tracer = provider.get(SCOPE);
    }

    private static Sampler sampler(String name, double ratio) {
        return switch (name) {
            case "always_on" -> Sampler.alwaysOn();
            case "always_off" -> Sampler.alwaysOff();
            case "traceidratio" -> Sampler.traceIdRatioBased(ratio);
            default -> Sampler.parentBased(sampler(name.replace("parentbased_", ""), ratio));
        };
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public Span begin(String name, Kind kind, @Nullable TraceParent parent, @Nullable Long startMillis) {
        SpanBuilder builder = tracer.spanBuilder(name).setSpanKind(SpanKind.valueOf(kind.name()));
        if (startMillis != null) {
            builder.setStartTimestamp(startMillis, TimeUnit.MILLISECONDS);
        }
        Context context = Context.root();
        builder.setParent(parent == null ? context : context.with(remote(parent)));
        return new OtlpSpan(builder.startSpan());
    }

    private static io.opentelemetry.api.trace.Span remote(TraceParent parent) {
        return io.opentelemetry.api.trace.Span.wrap(SpanContext.createFromRemoteParent(
                parent.traceId(), parent.spanId(), TraceFlags.fromHex(parent.flags(), 0), TraceState.getDefault()));
    }

    @Override
    public void close() {
        provider.close();
    }

    private record OtlpSpan(io.opentelemetry.api.trace.Span span) implements Span {
        @Override
        public @Nullable TraceParent context() {
            SpanContext context = span.getSpanContext();
            return TraceParent.parse("00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                    + context.getTraceFlags().asHex());
        }

        @Override
        public Span name(String other) {
            span.updateName(other);
            return this;
        }

        @Override
        public Span set(String attribute, Object value) {
            if (value instanceof Number number) {
                span.setAttribute(AttributeKey.longKey(attribute), number.longValue());
            } else {
                span.setAttribute(AttributeKey.stringKey(attribute), value.toString());
            }
            return this;
        }

        @Override
        public void end(@Nullable String error) {
            if (error != null) {
                span.setStatus(StatusCode.ERROR, error);
            }
            span.end();
        }
    }
}
