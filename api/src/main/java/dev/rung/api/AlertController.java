package dev.rung.api;

import dev.rung.core.model.NotificationId;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.JsonWriter;
import dev.rung.web.OptionalBody;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Alerts to the operators. */
@RestController
final class AlertController {
    private final AlertService alerts;

    AlertController(AlertService alerts) {
        this.alerts = alerts;
    }

    @PostMapping("/v1/alerts/test")
    @ResponseStatus(HttpStatus.ACCEPTED)
    JsonWriter.Content test(@AuthenticationPrincipal Caller caller, @OptionalBody FieldReader fields) {
        fields.finish();
        NotificationId id = alerts.test(caller);
        return g -> {
            g.writeStartObject();
            g.writeStringProperty("id", id.toString());
            g.writeEndObject();
        };
    }
}
