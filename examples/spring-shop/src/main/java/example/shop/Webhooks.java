package example.shop;

import dev.rung.spring.webhook.RungWebhook;
import dev.rung.spring.webhook.VerifiedWebhook;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Receives notifications. */
@RestController
class Webhooks {
    private final Orders orders;
    private final JsonMapper json;

    Webhooks(Orders orders, JsonMapper json) {
        this.orders = orders;
        this.json = json;
    }

    @PostMapping("/webhooks/rung")
    String receive(@RungWebhook VerifiedWebhook webhook) {
        orders.notified(json.readValue(webhook.body(), Order.class).orderNo());
        return "success";
    }
}
