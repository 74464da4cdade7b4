package dev.rung.channel.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageSignerTest {
    private static final byte[] BODY = "{\"state\":\"paid\"}".getBytes(UTF_8);

    private final SimulatorKeys keys = SimulatorKeys.generate();
    private Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private final InstantSource clock = () -> now;
    private final MessageSigner bank =
            new MessageSigner(keys.bank().getPrivate(), keys.platform().getPublic(), clock, new Random(1));
    private final MessageSigner platform =
            new MessageSigner(keys.platform().getPrivate(), keys.bank().getPublic(), clock, new Random(2));

    private @Nullable String fault(String about, Map<String, String> headers, byte[] body) {
        return platform.fault(about, headers::get, body);
    }

    @Test
    void whatOneSignsTheOtherVerifies() {
        Map<String, String> headers = bank.headers("callback", BODY);
        assertThat(headers.keySet()).isEqualTo(MessageSigner.HEADERS);
        assertThat(fault("callback", headers, BODY)).isNull();
        assertThat(bank.headers("callback", BODY).get(MessageSigner.NONCE))
                .isNotEqualTo(headers.get(MessageSigner.NONCE));
    }

    @Test
    void whateverWasChangedIsNoticed() {
        Map<String, String> headers = bank.headers("callback", BODY);
        assertThat(fault("query", headers, BODY)).isEqualTo("the signature is wrong");
        assertThat(fault("callback", headers, "{}".getBytes(UTF_8))).isEqualTo("the signature is wrong");
        assertThat(fault("callback", with(headers, MessageSigner.NONCE, "other"), BODY))
                .isEqualTo("the signature is wrong");
        assertThat(fault("callback", with(headers, MessageSigner.TIMESTAMP, "" + (now.toEpochMilli() + 1)), BODY))
                .isEqualTo("the signature is wrong");
        assertThat(fault("callback", with(headers, MessageSigner.SIGNATURE, "not base64!"), BODY))
                .isEqualTo("the signature is wrong");
        assertThat(fault("callback", with(headers, MessageSigner.TIMESTAMP, "yesterday"), BODY))
                .isEqualTo("the timestamp or nonce is malformed");
        assertThat(fault("callback", Map.of(), BODY)).isEqualTo("the signature is missing");
        // A side's own message cannot be replayed to it.
        assertThat(fault("callback", platform.headers("callback", BODY), BODY)).isEqualTo("the signature is wrong");
    }

    @Test
    void whatIsMoreThanFiveMinutesOffIsNotTaken() {
        Map<String, String> headers = bank.headers("callback", BODY);
        Instant then = now;
        now = then.plusSeconds(300);
        assertThat(fault("callback", headers, BODY)).isNull();
        now = then.plusMillis(300_001);
        assertThat(fault("callback", headers, BODY)).isEqualTo("the timestamp differs from now by more than 5 minutes");
        now = then.minusMillis(300_001);
        assertThat(fault("callback", headers, BODY)).isEqualTo("the timestamp differs from now by more than 5 minutes");
    }

    @Test
    void keysOutliveAProcess() {
        SimulatorKeys again = SimulatorKeys.ofText(keys.toText());
        MessageSigner restarted =
                new MessageSigner(again.bank().getPrivate(), again.platform().getPublic(), clock, new Random(3));
        assertThat(fault("callback", restarted.headers("callback", BODY), BODY)).isNull();
        assertThat(keys.toString()).doesNotContain(keys.toText());
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> changed = new HashMap<>(headers);
        changed.put(name, value);
        return changed;
    }
}
