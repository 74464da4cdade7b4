package dev.rung.observability;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.rung.core.flow.FlowEvent;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.Sample;
import dev.rung.payments.flow.PaymentsEvent;
import dev.rung.payments.flow.PaymentsEvent.CallbackReceived.CallbackResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class LoggingTest {
    private final Logger flow = (Logger) LoggerFactory.getLogger("dev.rung.flow");
    private final Logger payments = (Logger) LoggerFactory.getLogger("dev.rung.payments");
    private final List<ILoggingEvent> lines = new ArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event);
        }
    };
    private long now;

    @BeforeEach
    void listen() {
        appender.start();
        for (Logger each : List.of(flow, payments)) {
            each.addAppender(appender);
            each.setAdditive(false);
        }
    }

    @AfterEach
    void stopListening() {
        for (Logger each : List.of(flow, payments)) {
            each.detachAppender(appender);
            each.setAdditive(true);
        }
    }

    private static NotificationDetail shown(long id) {
        return Sample.of(new MerchantId(2_001)).shown(new NotificationId(id));
    }

    @Test
    void moreThanAPersonCanReadIsLeftOutAndCounted() {
        FlowLog log = new FlowLog(() -> java.time.Instant.ofEpochMilli(now));
        for (int i = 0; i < 1_000; i++) {
            log.on(new FlowEvent.Cancelled(shown(i)));
        }
        assertThat(lines).hasSize(LogRateLimiter.A_SECOND);
        now += 1_000;
        log.on(new FlowEvent.Cancelled(shown(1_000)));
        assertThat(lines.getLast().getKeyValuePairs())
                .extracting(p -> p.key + "=" + p.value)
                .containsExactly(
                        "left_out=" + (1_000 - LogRateLimiter.A_SECOND),
                        "notification.id=" + new NotificationId(1_000));
    }

    @Test
    void callbacksWithoutASignatureCannotFillTheLog() {
        PaymentsLog log = new PaymentsLog(() -> java.time.Instant.ofEpochMilli(now));
        for (int i = 0; i < 1_000; i++) {
            log.on(new PaymentsEvent.CallbackReceived("simulator", CallbackResult.UNVERIFIED));
        }
        assertThat(lines).hasSize(LogRateLimiter.A_SECOND);
    }

    @Test
    void whatHappensThousandsOfTimesASecondIsNotLoggedByDefault() {
        FlowLog log = new FlowLog(() -> java.time.Instant.ofEpochMilli(now));
        log.on(new FlowEvent.StaleWake(new NotificationId(1)));
        log.on(new FlowEvent.Resent(shown(1)));
        assertThat(lines).isEmpty();
    }

    @Test
    void aLineInJsonHasTheEventsKeysBesideItsOwn() {
        LoggingEvent event = new LoggingEvent(
                "x", flow, Level.WARN, "went \"{}\"", new IllegalStateException("because"), new Object[] {"wrong"});
        event.addKeyValuePair(new KeyValuePair("notification.id", new NotificationId(7)));
        event.addKeyValuePair(new KeyValuePair("attempt", 3));
        JsonLogEncoder encoder = new JsonLogEncoder();
        encoder.setContext(new LoggerContext());
        String line = new String(encoder.encode(event), StandardCharsets.UTF_8);
        assertThat(line.lines()).hasSize(1);
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.get("level").asString()).isEqualTo("WARN");
        assertThat(json.get("message").asString()).isEqualTo("went \"wrong\"");
        assertThat(json.get("notification.id").asString()).isEqualTo(new NotificationId(7).toString());
        assertThat(json.get("attempt").asInt()).isEqualTo(3);
        assertThat(json.get("stack_trace").asString()).contains("because");
    }
}
