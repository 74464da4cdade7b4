package dev.rung.observability;

import dev.rung.core.flow.FlowEvent;
import dev.rung.core.flow.FlowListener;
import java.util.List;

/** Passes every event to several listeners. */
public record Observers(List<FlowListener> listeners) implements FlowListener {
    public Observers {
        listeners = List.copyOf(listeners);
    }

    @Override
    public void on(FlowEvent event) {
        for (FlowListener listener : listeners) {
            listener.on(event);
        }
    }
}
