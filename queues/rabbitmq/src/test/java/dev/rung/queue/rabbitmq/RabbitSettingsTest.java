package dev.rung.queue.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.port.DeadLetterStrategy;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RabbitSettingsTest {

    @Test
    void theDefaults() {
        RabbitSettings settings = RabbitSettings.of("amqp://localhost");
        assertThat(settings.deadLetterStrategy()).isEqualTo(DeadLetterStrategy.AT_LEAST_ONCE);
        assertThat(settings.prefetch()).isEqualTo(2_048);
        assertThat(settings.confirmTimeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void severalHostsShareUserAndVirtualHost() {
        assertThat(RabbitSettings.of("amqps://u:p%40ss@one:5671, two,three:1/v%2fw")
                        .brokers())
                .containsExactly(
                        URI.create("amqps://u:p%40ss@one:5671/v%2fw"),
                        URI.create("amqps://u:p%40ss@two/v%2fw"),
                        URI.create("amqps://u:p%40ss@three:1/v%2fw"));
    }

    @Test
    void wholeUrisMayDiffer() {
        assertThat(RabbitSettings.of("amqp://a:b@one/v,amqp://c:d@two:5673").brokers())
                .containsExactly(URI.create("amqp://a:b@one/v"), URI.create("amqp://c:d@two:5673"));
    }

    @Test
    void aTrailingSlashIsTheDefaultVirtualHost() {
        RabbitSettings settings = RabbitSettings.of("amqp://one/");
        assertThat(settings.factory(settings.brokers().getFirst()).getVirtualHost())
                .isEqualTo("/");
    }

    @Test
    void userPasswordAndVirtualHostReachTheClientAndTheLibraryRecoversNothing() {
        RabbitSettings settings = RabbitSettings.of("amqps://us%3Aer:p%40ss@one:5673/v%2fw");
        var factory = settings.factory(settings.brokers().getFirst());
        assertThat(factory.getUsername()).isEqualTo("us:er");
        assertThat(factory.getPassword()).isEqualTo("p@ss");
        assertThat(factory.getVirtualHost()).isEqualTo("v/w");
        assertThat(factory.getPort()).isEqualTo(5673);
        assertThat(factory.isSSL()).isTrue();
        assertThat(factory.isAutomaticRecoveryEnabled()).isFalse();
        assertThat(factory.isTopologyRecoveryEnabled()).isFalse();
    }

    @Test
    void noSecretIsShown() {
        assertThat(RabbitSettings.of("amqp://user:secret@one:1,two/v").toString())
                .contains("one:1", "two")
                .doesNotContain("secret", "user");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "one:5672",
                "http://u:secret@one",
                "amqp://u:secret@",
                "amqp://u:secret@one:port",
                "amqp://u:se cret@one",
                "amqp://u:secret@one,,two"
            })
    void whatIsNoUriIsRefusedWithoutRepeatingThePassword(String text) {
        assertThatThrownBy(() -> RabbitSettings.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .message()
                .doesNotContain("secret", "se cret");
    }
}
