package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.queue.rabbitmq.RabbitSettings;
import dev.rung.queue.rabbitmq.RabbitTopology;
import dev.rung.testing.RabbitServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorRabbitIT {
    private static final RabbitServer RABBIT = RabbitServer.shared();

    @TempDir
    Path folder;

    private Cli cli;
    private String uri;

    @BeforeEach
    void start() {
        cli = new Cli(folder);
        uri = RABBIT.freshUri();
        cli.environment.put("RUNG_PORT", "0");
        cli.environment.put("RUNG_DATA_DIR", folder.resolve("d").toString());
        cli.environment.put("RUNG_RABBITMQ_URI", uri);
    }

    private String doctor(int code) {
        Cli.Run run = cli.run("doctor");
        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(code);
        assertThat(run.out()).doesNotContain("guest:guest");
        return run.out();
    }

    @Test
    void aBrokerThatKnowsNothingIsWellAndStaysSo() {
        assertThat(doctor(0)).contains("ok     broker      RabbitMQ ", "none yet; the first start declares them");
        assertThat(doctor(0)).contains("none yet; the first start declares them");
        assertThat(RabbitServer.depth(uri, RabbitTopology.READY)).isEqualTo(-1);
    }

    @Test
    void queuesThatAreAsTheyShouldBeAreSaidToBe() {
        assertThat(RabbitTopology.check(RabbitSettings.of(uri))).isEmpty();

        assertThat(doctor(0)).contains("declared correctly, at-least-once");
    }

    @Test
    void aQueueWithOtherArgumentsIsFound() {
        RabbitServer.ask(
                uri,
                channel -> channel.queueDeclare(
                        RabbitTopology.READY, true, false, false, Map.of("x-queue-type", "classic")));

        assertThat(doctor(1)).contains("WRONG  queues", "rung.ready");
    }

    @Test
    void invalidSubmissionsThatWaitForAPersonArePointedAt() {
        RabbitTopology.check(RabbitSettings.of(uri));
        RabbitServer.ask(uri, channel -> {
            channel.confirmSelect();
            channel.basicPublish("", RabbitTopology.REJECTED, null, new byte[] {1});
            return channel.waitForConfirms();
        });

        // A queue that is still starting reports 0 messages.
        await().untilAsserted(() -> assertThat(doctor(0)).contains("note   broker      1 submissions were invalid"));
    }

    @Test
    void aWrongPasswordIsFound() {
        cli.environment.put("RUNG_RABBITMQ_URI", uri.replace("guest:guest", "guest:hunter2"));

        assertThat(doctor(1))
                .contains("rejects the user, the password or the virtual host")
                .doesNotContain("hunter2");
    }

    @Test
    void aBrokerThatIsNotThereIsFound() {
        cli.environment.put("RUNG_RABBITMQ_URI", "amqp://guest:guest@127.0.0.1:1/");

        assertThat(doctor(1)).contains("no RabbitMQ responds at 127.0.0.1:1");
    }
}
