package dev.rung.spring;

import dev.rung.spring.outbox.FailedNotification;
import dev.rung.spring.outbox.Outbox;
import dev.rung.spring.outbox.OutboxState;
import java.util.List;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/** {@code /actuator/rungoutbox}: what waits, and what was set aside, without payloads. */
@Endpoint(id = "rungoutbox")
public class OutboxEndpoint {
    private static final int FAILED_MAX = 100;

    private final Outbox outbox;

    OutboxEndpoint(Outbox outbox) {
        this.outbox = outbox;
    }

    /** The response of {@code GET /actuator/rungoutbox}. */
    public record Report(OutboxState state, List<Failed> failed) {}

    /** A notification that was set aside. */
    public record Failed(long id, String merchantId, String orderNo, String error) {
        static Failed of(FailedNotification n) {
            return new Failed(n.id(), n.merchantId(), n.orderNo() == null ? "" : n.orderNo(), n.error());
        }
    }

    @ReadOperation
    public Report report() {
        return new Report(
                outbox.state(),
                outbox.failed(FAILED_MAX).stream().map(Failed::of).toList());
    }

    /** {@code POST /actuator/rungoutbox/{id}}: submits it again. */
    @WriteOperation
    public boolean retry(@Selector long id) {
        return outbox.retry(id);
    }

    /** {@code DELETE /actuator/rungoutbox/{id}}: deletes it. */
    @DeleteOperation
    public boolean discard(@Selector long id) {
        return outbox.discard(id);
    }
}
