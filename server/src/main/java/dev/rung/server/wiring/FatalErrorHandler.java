package dev.rung.server.wiring;

import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done about a failure that nobody caught. An exception has ended some task, and is logged. An error (no memory, a class that cannot be loaded)
 * leaves behind what nobody can vouch for, a thread that everything waits for, perhaps: the process ends, and whoever supervises it starts
 * another. Nothing that was promised is lost by that.
 *
 * @param halt ends the process at once, with this exit code
 */
record FatalErrorHandler(IntConsumer halt) implements Thread.UncaughtExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(FatalErrorHandler.class);

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        if (failure instanceof Error) {
            try {
                LOG.error("the thread {} ended by an error; the server ends, to be started again", thread, failure);
            } finally {
                halt.accept(1);
            }
        } else {
            LOG.error("the thread {} ended by a failure that nobody caught", thread, failure);
        }
    }
}
