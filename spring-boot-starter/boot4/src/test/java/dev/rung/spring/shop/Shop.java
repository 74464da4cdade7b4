package dev.rung.spring.shop;

import dev.rung.spring.outbox.Outbox;
import dev.rung.spring.webhook.RungWebhook;
import dev.rung.spring.webhook.VerifiedWebhook;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** An application that sends by the outbox and receives its own notifications. */
@SpringBootApplication
class Shop {
    /** Orders, and the notifications of them in the same transaction. */
    @Service
    static class Orders {
        private final JdbcTemplate jdbc;
        private final Outbox outbox;

        Orders(JdbcTemplate jdbc, Outbox outbox) {
            this.jdbc = jdbc;
            this.outbox = outbox;
        }

        @Transactional
        void place(String orderNo, boolean failing) {
            jdbc.update("INSERT INTO orders VALUES (?)", orderNo);
            outbox.add(outbox.notification("{\"order_no\":\"" + orderNo + "\"}")
                    .withOrderNo(orderNo)
                    .withEventType("order.placed"));
            if (failing) {
                throw new IllegalStateException("no tea left");
            }
        }

        @Transactional
        void ship(VerifiedWebhook webhook) {
            jdbc.update("INSERT INTO shipments VALUES (?, ?)", webhook.id(), webhook.text());
        }
    }

    @RestController
    static class Endpoints {
        private final Orders orders;
        private final AtomicInteger failures;

        Endpoints(Orders orders, AtomicInteger failures) {
            this.orders = orders;
            this.failures = failures;
        }

        @PostMapping("/orders/{orderNo}")
        @ResponseStatus(HttpStatus.CREATED)
        void place(@PathVariable("orderNo") String orderNo) {
            orders.place(orderNo, orderNo.startsWith("F"));
        }

        @PostMapping("/webhooks")
        ResponseEntity<String> receive(@RungWebhook VerifiedWebhook webhook) {
            orders.ship(webhook);
            return failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0
                    ? ResponseEntity.status(HttpStatus.INTERNAL_SERVER_ERROR).body("try again")
                    : ResponseEntity.ok("success");
        }

        @PostMapping("/plain")
        String plain() {
            return "plain";
        }
    }

    /** How often the receiver fails after it has shipped. */
    @Bean
    AtomicInteger failures() {
        return new AtomicInteger();
    }
}
