package dev.rung.core.flow;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.WakeLocation;

/** What happened, told after it is committed. The server turns each into a log line, a metric, a message to consoles. */
public sealed interface FlowEvent {
    /** A notification is stored and owed. */
    record Accepted(NewNotification notification) implements FlowEvent {}

    /** An attempt is on record and moved the notification. */
    record Attempted(Delivery delivery, Attempt attempt, NextStep next) implements FlowEvent {}

    /** An attempt is on record and moved nothing: something else had moved the notification before it ended. */
    record Superseded(Delivery delivery, Attempt attempt) implements FlowEvent {}

    /** A notification is parked. */
    record Parked(NotificationId id, MerchantId merchant, WakeLocation wakeLocation) implements FlowEvent {}

    /** A person asked for another attempt of a notification that was seen like this. */
    record Resent(NotificationDetail before) implements FlowEvent {}

    /** A person ended a notification that was seen like this. */
    record Cancelled(NotificationDetail before) implements FlowEvent {}

    /** A wake spoke of a record that had moved, and was dropped. */
    record StaleWake(NotificationId id) implements FlowEvent {}

    /** Wakes were given up as lost and sent anew. */
    record Rearmed(int count, Cause cause) implements FlowEvent {
        /** Why they were believed lost. */
        public enum Cause {
            /** The sweeper found them overdue. */
            OVERDUE,
            /** The queue did not confirm them. */
            UNCONFIRMED,
            /** They were unroutable or died in the queue. */
            UNROUTED,
            /** The queue knows of nothing: new, or wiped. */
            FORGOTTEN,
            /** A redelivered wake was stale though its notification waits. */
            REDELIVERED
        }
    }

    /** Something failed that never should: a bug, to be reported. What it touched is found again by the sweeper. */
    record Defect(Throwable cause) implements FlowEvent {}

    /** The store went away, or came back. */
    record StoreAvailable(boolean available) implements FlowEvent {}
}
