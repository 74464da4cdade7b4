package dev.rung.queue.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RabbitCheckTest {
    @ParameterizedTest
    @CsvSource({
        "3.9.29, false",
        "3.10.0, true",
        "3.10.8+deb, true",
        "3.13.7, true",
        "4.0.0-rc.1, true",
        "4.2.1, true",
        "2.99.0, false",
        "null, false",
        "3, false"
    })
    void queuesOfDelaysNeedAtLeast310(String version, boolean enough) {
        assertThat(RabbitCheck.isNewEnough(version)).isEqualTo(enough);
    }
}
