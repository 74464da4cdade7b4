package dev.rung.queue.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.rung.core.port.Submission;
import dev.rung.core.port.SubmissionSource;
import dev.rung.core.port.SubmissionSourceContract;
import dev.rung.testing.RabbitServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class RabbitSubmissionSourceContractIT extends SubmissionSourceContract {
    private final String uri = RabbitServer.shared().freshUri();
    private final List<String> rejected = new ArrayList<>();

    @Override
    protected SubmissionSource open(SubmissionSource.Handler handler) {
        return RabbitIntake.open(RabbitSettings.of(uri), handler);
    }

    @Override
    protected void submit(Submission submission) {
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .messageId(submission.messageId())
                .contentEncoding(submission.contentEncoding())
                .headers(submission.traceparent() == null ? null : Map.of("traceparent", submission.traceparent()))
                .build();
        RabbitServer.ask(uri, channel -> {
            channel.confirmSelect();
            channel.basicPublish(RabbitTopology.INTAKE, submission.routingKey(), properties, submission.body());
            return channel.waitForConfirms();
        });
    }

    @Override
    protected long waiting() {
        return RabbitServer.depth(uri, RabbitTopology.INTAKE);
    }

    @Override
    protected List<String> rejected() {
        RabbitServer.ask(uri, channel -> {
            takeRejected(channel);
            return null;
        });
        return rejected;
    }

    private void takeRejected(Channel channel) throws java.io.IOException {
        for (GetResponse next = channel.basicGet(RabbitTopology.REJECTED, true);
                next != null;
                next = channel.basicGet(RabbitTopology.REJECTED, true)) {
            rejected.add(
                    next.getProps().getHeaders().get(RabbitIntake.ERROR_HEADER).toString());
        }
    }
}
