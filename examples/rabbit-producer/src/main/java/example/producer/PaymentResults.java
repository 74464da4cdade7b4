package example.producer;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.connection.CorrelationData.Confirm;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.stereotype.Service;

/** Submits payment results to Rung. Thread-safe. */
@Service
public class PaymentResults {
    private static final String EXCHANGE = "rung.intake";
    private static final int CONFIRMED_WITHIN_SECONDS = 10;

    private final RabbitTemplate rabbit;

    public PaymentResults(RabbitTemplate rabbit) {
        this.rabbit = rabbit;
    }

    /**
     * Submits the result of an order, and returns when the broker has it. On an exception it may have it: publish it again; the message
     * id lets Rung accept it once.
     *
     * @param amount a JSON number, such as {@code 12.30}; the merchant receives it as it is written here
     * @return the message id
     * @throws AmqpException if the broker did not confirm it
     */
    public String paid(String merchantId, String orderNo, String amount) {
        String id = orderNo + "-paid";
        String body = """
                {"merchant_id":"%s","order_no":"%s","event_type":"payment.succeeded","payload":{"order_no":"%s","amount":%s}}""".formatted(merchantId, orderNo, orderNo, amount);
        Message message = MessageBuilder.withBody(body.getBytes(StandardCharsets.UTF_8))
                .setMessageId(id)
                .setContentType("application/json")
                .setDeliveryMode(MessageDeliveryMode.PERSISTENT)
                .build();
        CorrelationData correlation = new CorrelationData(id);
        rabbit.send(EXCHANGE, merchantId, message, correlation);
        await(correlation);
        return id;
    }

    private static void await(CorrelationData correlation) {
        Confirm confirm;
        try {
            confirm = correlation.getFuture().get(CONFIRMED_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AmqpException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AmqpException("not confirmed", e);
        }
        if (!confirm.ack() || correlation.getReturned() != null) {
            throw new AmqpException("the broker refused it: " + confirm.reason() + " " + correlation.getReturned());
        }
    }
}
