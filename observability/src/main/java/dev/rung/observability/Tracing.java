package dev.rung.observability;

import dev.rung.core.model.TraceParent;
import org.jspecify.annotations.Nullable;

/** Records spans. Thread-safe. */
public interface Tracing extends AutoCloseable {
    /** Records nothing. */
    Tracing OFF = new Tracing() {
        @Override
        public boolean isOn() {
            return false;
        }

        @Override
        public Span begin(String name, Kind kind, @Nullable TraceParent parent, @Nullable Long startMillis) {
            return new Span() {
                @Override
                public @Nullable TraceParent context() {
                    return parent;
                }

                @Override
                public Span name(String other) {
                    return this;
                }

                @Override
                public Span set(String attribute, Object value) {
                    return this;
                }

                @Override
                public void end(@Nullable String error) {
                    // Nothing was begun.
                }
            };
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    /** What a span is of, in the terms of OpenTelemetry. */
    enum Kind {
        /** A request that this server answers. */
        SERVER,
        /** A request that this server makes. */
        CLIENT,
        /** A message that this server processes. */
        CONSUMER,
        /** A step within this server. */
        INTERNAL
    }

    /** Whether spans are recorded. */
    boolean isOn();

    /**
     * Begins a span.
     *
     * @param parent null: it begins a trace
     * @param startMillis when it began, epoch milliseconds; null: now
     */
    Span begin(String name, Kind kind, @Nullable TraceParent parent, @Nullable Long startMillis);

    /** Begins a span now. */
    default Span begin(String name, Kind kind, @Nullable TraceParent parent) {
        return begin(name, kind, parent, null);
    }

    /** Sends what is recorded. */
    @Override
    void close();

    /** A span that is not ended. */
    interface Span {
        /** The parent of spans within it. */
        @Nullable TraceParent context();

        /** Changes its name. */
        Span name(String other);

        /** Sets an attribute: a number, or a text. */
        Span set(String attribute, Object value);

        /**
         * Ends it now.
         *
         * @param error null if it succeeded
         */
        void end(@Nullable String error);
    }
}
