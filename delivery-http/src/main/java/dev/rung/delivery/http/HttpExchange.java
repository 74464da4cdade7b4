package dev.rung.delivery.http;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Durations;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender.Request;
import dev.rung.core.port.Sender.Result;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt, from the URL to a result: blocking code on its own virtual thread.
 *
 * <p>At the deadline the wheel's thread calls {@link #expire}, which closes the socket and interrupts the thread. The result is decided by
 * whichever ends first, the attempt or its deadline.
 */
final class HttpExchange extends DeadlineWheel.Entry implements Runnable, ConnectionOpener.Progress {
    private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);
    private static final int ERROR_CHARS_MAX = 500;

    private final Request request;
    private final Parts parts;
    private final CompletableFuture<Result> result = new CompletableFuture<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.UNDER_WAY);
    private final Duration timeout;
    private final long deadline;
    private final long startedAt = System.nanoTime();
    /** Status and headers, once they were received; used only by the attempt's own thread. */
    private Attempt.@Nullable Answer head;

    private volatile AttemptPhase phase = AttemptPhase.LOOKING_UP;
    private volatile @Nullable SocketChannel channel;
    private volatile @Nullable Thread thread;

    /** Shared by all attempts of a sender. */
    record Parts(
            RequestEncoder text,
            ConnectionOpener connector,
            IdleConnections idle,
            DeadlineWheel wheel,
            Duration deadline) {}

    private enum State {
        UNDER_WAY,
        ENDED,
        EXPIRED
    }

    HttpExchange(Request request, Parts parts) {
        this.request = request;
        this.parts = parts;
        Duration own = request.receiver().timeout();
        this.timeout = own.compareTo(parts.deadline) < 0 ? own : parts.deadline;
        this.deadline = startedAt + timeout.toNanos();
    }

    /** The total time of this attempt. */
    Duration timeout() {
        return timeout;
    }

    CompletableFuture<Result> result() {
        return result;
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        Result ended;
        try {
            requireTime();
            ended = attempt();
        } catch (RefusedException e) {
            ended = failed(Outcome.REFUSED, String.valueOf(e.getMessage()));
        } catch (UnreachableException e) {
            ended = failed(Outcome.UNREACHABLE, String.valueOf(e.getMessage()));
        } catch (IOException | InterruptedException e) {
            // At the deadline, expire() closes the socket and interrupts the thread; both end here.
            ended = failed(Outcome.UNREACHABLE, "the connection failed: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("Unexpected error while sending {}", request.id(), e);
            ended = failed(Outcome.UNREACHABLE, "internal error in Rung: " + e);
        }
        parts.wheel.remove(this);
        if (!endsInTime()) {
            ended = parts.wheel.isClosed()
                    ? failed(Outcome.UNREACHABLE, "Rung stopped before the response was complete")
                    : failed(
                            Outcome.TIMED_OUT,
                            "no complete response within " + Durations.text(timeout) + phase.explanation());
        }
        result.complete(ended);
    }

    /** Whether the attempt ended before its deadline. After that {@link #expire} has no effect. */
    private boolean endsInTime() {
        return state.compareAndSet(State.UNDER_WAY, State.ENDED) || state.get() == State.ENDED;
    }

    @Override
    void expire() {
        if (state.compareAndSet(State.UNDER_WAY, State.EXPIRED)) {
            close(channel);
            Thread running = thread;
            if (running != null) {
                running.interrupt();
            }
        }
    }

    private static void close(@Nullable SocketChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException _) {
                // Already closed.
            }
        }
    }

    @Override
    public void reached(AttemptPhase next) {
        phase = next;
    }

    @Override
    public void opened(SocketChannel opened) throws IOException {
        channel = opened;
        requireTime();
    }

    /** Called after storing the thread or a socket: either {@link #expire} sees what was stored, or this sees that it has run. */
    private void requireTime() throws IOException {
        if (state.get() != State.UNDER_WAY) {
            throw new IOException("the deadline has passed");
        }
    }

    private Result attempt() throws IOException, InterruptedException {
        RequestEncoder.Message message = parts.text.write(request);
        MerchantConnection kept = parts.idle.take(message.target().route());
        return kept != null
                ? exchange(message, kept, true)
                : exchange(message, parts.connector.connect(message.target(), deadline, this), false);
    }

    private Result exchange(RequestEncoder.Message message, MerchantConnection connection, boolean reused)
            throws IOException {
        long keepNanos = 0;
        try {
            opened(connection.channel());
            phase = AttemptPhase.WAITING;
            ClassicHttpResponse response = answerTo(message, connection, reused);
            phase = AttemptPhase.READING;
            head = ResponseReader.headOf(response);
            ResponseReader.Read read = ResponseReader.read(request, connection, response, now());
            keepNanos = read.keepNanos();
            return read.result();
        } catch (HttpException e) {
            throw new UnreachableException(
                    "the response of " + connection.peer() + " is not valid HTTP: " + e.getMessage(), e);
        } catch (MessageConstraintException e) {
            throw new UnreachableException(
                    "the chunks or trailers of the response of " + connection.peer() + " exceed a limit: "
                            + e.getMessage(),
                    e);
        } catch (UnreachableException e) {
            throw e;
        } catch (Http2Detector.Http2Exception e) {
            throw new UnreachableException(
                    "the response of " + connection.peer() + " is not HTTP/1.1: " + e.getMessage(), e);
        } catch (SSLException e) {
            throw new UnreachableException(
                    "TLS with " + connection.peer() + " failed: "
                            + TlsFailure.explain(e, connection.route().host()),
                    e);
        } catch (IOException e) {
            String when = phase == AttemptPhase.READING || connection.hasBegunToAnswer()
                    ? "in the middle of its response"
                    : "without a response";
            throw new UnreachableException(
                    connection.peer() + " broke the connection " + when + ": " + e.getMessage(), e);
        } finally {
            // End the attempt before returning the connection: otherwise a late deadline could close it under another
            // attempt.
            if (keepNanos > 0 && endsInTime()) {
                parts.idle.give(connection, reused, keepNanos);
            } else {
                connection.close();
            }
        }
    }

    /** The clock that the request was signed with, epoch milliseconds. */
    private long now() {
        return request.now() + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt);
    }

    private ClassicHttpResponse answerTo(RequestEncoder.Message message, MerchantConnection connection, boolean reused)
            throws IOException, HttpException {
        try {
            try {
                connection.send(message.head(), message.body());
            } catch (IOException unsent) {
                // A server may respond and close before it has read the whole request (with 413, for example). That
                // response counts.
                try {
                    return connection.receiveHead();
                } catch (SSLException | Http2Detector.Http2Exception reason) {
                    throw reason; // Explains more than the failed write.
                } catch (IOException _) {
                    throw unsent;
                }
            }
            return connection.receiveHead();
        } catch (IOException e) {
            if (reused && !connection.hasBegunToAnswer() && state.get() == State.UNDER_WAY) {
                parts.idle.distrust(connection.route());
            }
            throw e;
        }
    }

    private Result failed(Outcome outcome, String error) {
        String line = ResponseReader.printable(error);
        return new Result(
                outcome, head, line.length() > ERROR_CHARS_MAX ? line.substring(0, ERROR_CHARS_MAX) : line, null);
    }
}
