package dev.rung.observability;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.rung.web.JsonWriter;
import dev.rung.web.Timestamps;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.event.KeyValuePair;
import tools.jackson.core.JsonGenerator;

/** Encodes a log event as a JSON object: {@code time}, {@code level}, {@code logger}, {@code message} and the event's key-value pairs. */
final class JsonLogEncoder extends EncoderBase<ILoggingEvent> {
    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        JsonWriter.write(line, g -> write(g, event));
        line.write('\n');
        return line.toByteArray();
    }

    private static void write(JsonGenerator g, ILoggingEvent event) {
        g.writeStartObject();
        g.writeStringProperty("time", Timestamps.text(event.getTimeStamp()));
        g.writeStringProperty("level", event.getLevel().toString());
        g.writeStringProperty("logger", event.getLoggerName());
        g.writeStringProperty("thread", event.getThreadName());
        g.writeStringProperty("message", event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                write(g, pair);
            }
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            g.writeStringProperty("stack_trace", ThrowableProxyUtil.asString(thrown));
        }
        g.writeEndObject();
    }

    private static void write(JsonGenerator g, KeyValuePair pair) {
        switch (pair.value) {
            case Integer number -> g.writeNumberProperty(pair.key, number);
            case Long number -> g.writeNumberProperty(pair.key, number);
            case null -> g.writeNullProperty(pair.key);
            default -> g.writeStringProperty(pair.key, pair.value.toString());
        }
    }

    @Override
    public byte[] footerBytes() {
        return "".getBytes(StandardCharsets.UTF_8);
    }
}
