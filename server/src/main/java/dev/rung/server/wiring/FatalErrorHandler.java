package dev.rung.server.wiring;

import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles uncaught failures. An exception has ended one task and is logged. After an error (no memory, a class that cannot be loaded) the state of
 * the process is unknown, for example a thread that others wait for may be gone: the process ends, so that its supervisor starts another. Nothing
 * that was accepted is lost.
 *
 * @param halt ends the process at once, with this exit code
 */
record FatalErrorHandler(IntConsumer halt) implements Thread.UncaughtExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(FatalErrorHandler.class);

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        if (failure instanceof Error) {
            try {
                LOG.error(
                        "the thread {} ended with an error; the server exits so that its supervisor restarts it",
                        thread,
                        failure);
            } finally {
                halt.accept(1);
            }
        } else {
            LOG.error("the thread {} ended with an uncaught exception", thread, failure);
        }
    }
}
