package dev.rung.core.flow;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationDetail;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.WakeLocation;

/** An event of the engine, reported after the commit. The server turns each into log lines, metrics and console messages. */
public sealed interface FlowEvent {
    /** A notification was stored; its delivery is pending. */
    record Accepted(NewNotification notification) implements FlowEvent {}

    /** An attempt was recorded and changed the delivery. */
    record Attempted(Delivery delivery, Attempt attempt, NextStep next) implements FlowEvent {}

    /** An attempt was recorded without changing the delivery, which had changed before the attempt ended. */
    record Superseded(Delivery delivery, Attempt attempt) implements FlowEvent {}

    /** A delivery was parked. */
    record Parked(Delivery delivery, WakeLocation wakeLocation) implements FlowEvent {}

    /** A user requested another attempt of a notification; {@code before} is its state before that. */
    record Resent(NotificationDetail before) implements FlowEvent {}

    /** A user cancelled a notification; {@code before} is its state before that. */
    record Cancelled(NotificationDetail before) implements FlowEvent {}

    /** A waiting notification was cancelled, because its receiver was deleted; {@code before} is its state before that. */
    record ReceiverDeleted(Delivery before) implements FlowEvent {}

    /** A stale wake was dropped. */
    record StaleWake(NotificationId id) implements FlowEvent {}

    /** Lost wakes were scheduled again under raised numbers. */
    record Rearmed(int count, Cause cause) implements FlowEvent {
        /** Why the wakes counted as lost. */
        public enum Cause {
            /** The sweeper found them overdue. */
            OVERDUE,
            /** The queue did not confirm them. */
            UNCONFIRMED,
            /** They were unroutable or dead-lettered. */
            UNROUTED,
            /** The queue is empty: new, or wiped. */
            FORGOTTEN,
            /** A redelivered wake was stale, but its notification is still waiting. */
            REDELIVERED
        }
    }

    /** A bug. The delivery that it affected is found again by the sweeper. */
    record Defect(Throwable cause) implements FlowEvent {}

    /** The store became unavailable, or available again. */
    record StoreAvailable(boolean available) implements FlowEvent {}
}
