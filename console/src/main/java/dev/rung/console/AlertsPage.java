package dev.rung.console;

import dev.rung.alerts.AlertFormat;
import dev.rung.api.AlertService;
import dev.rung.core.model.Attempt;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.NotificationCatalog.Whole;
import dev.rung.web.Caller;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/** Whether alerts are sent and in which format, and a test alert with its result. */
@Lazy
@Controller
@RequestMapping("/alerts")
final class AlertsPage {
    private final AlertService alerts;

    AlertsPage(AlertService alerts) {
        this.alerts = alerts;
    }

    /**
     * A test alert.
     *
     * @param attempt the last one; null before the first
     * @param isLive whether an attempt is pending
     * @param seen a hash of everything that can change
     */
    public record Sent(String id, String state, @Nullable Attempt attempt, boolean isLive, String seen) {
        static Sent of(Whole found) {
            NotificationDetail alert = found.notification();
            return new Sent(
                    alert.id().toString(),
                    alert.state().text(),
                    found.attempts().isEmpty() ? null : found.attempts().getLast(),
                    alert.nextAttemptAt() != null,
                    Integer.toHexString(Objects.hash(alert.state(), alert.attemptsMade(), alert.nextAttemptAt())));
        }
    }

    @GetMapping
    ModelAndView show(Form query) {
        Map<String, Object> model = new HashMap<>();
        model.put(
                "format",
                alerts.format()
                        .map(AlertFormat::name)
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .orElse(""));
        model.put("sent", sent(query));
        return Views.page("alerts", model);
    }

    private @Nullable Sent sent(Form query) {
        return query.parsedText("test", NotificationId::parse)
                .flatMap(alerts::find)
                .map(Sent::of)
                .orElse(null);
    }

    /** The live part of the page, if it has changed. */
    @GetMapping("/live")
    ModelAndView live(Form query) {
        Sent sent = sent(query);
        if (sent == null || sent.seen().equals(query.shown("seen"))) {
            return Views.unchanged(sent == null || !sent.isLive());
        }
        return Views.page("alerts :: sent", Map.of("sent", sent));
    }

    @PostMapping("/test")
    ModelAndView test(@AuthenticationPrincipal Caller caller) {
        return Views.redirect("/alerts?test=" + alerts.test(caller));
    }
}
