package example.shop;

import dev.rung.spring.outbox.Outbox;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Stores orders, and the notifications of them in the same transaction. */
@Service
public class Orders {
    private final JdbcClient jdbc;
    private final Outbox outbox;
    private final JsonMapper json;

    public Orders(JdbcClient jdbc, Outbox outbox, JsonMapper json) {
        this.jdbc = jdbc;
        this.outbox = outbox;
        this.json = json;
    }

    /**
     * Places an order.
     *
     * @throws DuplicateKeyException if there is one of this number; nothing is stored or sent then
     */
    @Transactional
    public void place(String orderNo, long amount) {
        jdbc.sql("INSERT INTO orders (order_no, amount, notified) VALUES (?, ?, FALSE)")
                .params(orderNo, amount)
                .update();
        outbox.add(outbox.notification(json.writeValueAsString(new Order(orderNo, amount, false)))
                .withOrderNo(orderNo)
                .withEventType("order.placed")
                .withIdempotencyKey("order-placed-" + orderNo));
    }

    public Optional<Order> find(String orderNo) {
        return jdbc.sql("SELECT order_no, amount, notified FROM orders WHERE order_no = ?")
                .param(orderNo)
                .query((row, n) -> new Order(row.getString(1), row.getLong(2), row.getBoolean(3)))
                .optional();
    }

    /** Runs in the transaction that stores the notification's id, so that it has its effect once. */
    @Transactional
    public void notified(String orderNo) {
        jdbc.sql("UPDATE orders SET notified = TRUE WHERE order_no = ?")
                .param(orderNo)
                .update();
    }
}
