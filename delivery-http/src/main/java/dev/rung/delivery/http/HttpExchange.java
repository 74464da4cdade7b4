package dev.rung.delivery.http;

import dev.rung.core.model.Durations;
import dev.rung.core.model.Outcome;
import dev.rung.core.port.Sender.Request;
import dev.rung.core.port.Sender.Result;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt, from the URL to a result: plain blocking code on a virtual thread of its own.
 *
 * <p>At the deadline the wheel's thread calls {@link #expire}: it closes the socket under whatever is being done with it, and interrupts
 * the thread. Whichever of the two comes first to the end, the attempt or its deadline, decides what came of it.
 */
final class HttpExchange extends DeadlineWheel.Entry implements Runnable, ConnectionOpener.Progress {
    private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);
    private static final int ERROR_CHARS_MAX = 500;

    private final Request request;
    private final Parts parts;
    private final CompletableFuture<Result> result = new CompletableFuture<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.UNDER_WAY);
    private final long deadline;
    private volatile AttemptPhase phase = AttemptPhase.LOOKING_UP;
    private volatile @Nullable SocketChannel channel;
    private volatile @Nullable Thread thread;

    /** What all attempts of a sender share. */
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
        this.deadline = System.nanoTime() + parts.deadline.toNanos();
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
            // What a closed socket or an interrupt looks like when the deadline has come.
            ended = failed(Outcome.UNREACHABLE, "the connection failed: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("Sending {} failed in a way that is a bug", request.id(), e);
            ended = failed(Outcome.UNREACHABLE, "an error in Rung: " + e);
        }
        parts.wheel.remove(this);
        if (!endsInTime()) {
            ended = parts.wheel.isClosed()
                    ? failed(Outcome.UNREACHABLE, "Rung stopped before the response was complete")
                    : failed(
                            Outcome.TIMED_OUT,
                            "no complete response within " + Durations.text(parts.deadline) + phase.explanation());
        }
        result.complete(ended);
    }

    /** Whether the attempt came to its end before its deadline did. From then on {@link #expire} touches nothing. */
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
                // It is gone, which is what was wanted.
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

    /** To be called after the thread or a socket was noted: either the deadline sees what was noted, or this sees the deadline. */
    private void requireTime() throws IOException {
        if (state.get() != State.UNDER_WAY) {
            throw new IOException("the deadline has come");
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
            ResponseReader.Read read = ResponseReader.read(request, connection, response);
            keepNanos = read.keepNanos();
            return read.result();
        } catch (HttpException e) {
            throw new UnreachableException("what " + connection.peer() + " answered is not HTTP: " + e.getMessage(), e);
        } catch (MerchantConnection.TooLong | MessageConstraintException e) {
            throw new UnreachableException(
                    "the head of the answer of " + connection.peer() + " is longer than "
                            + MerchantConnection.HEAD_BYTES_MAX / 1024 + " KiB",
                    e);
        } catch (UnreachableException e) {
            throw e;
        } catch (IOException e) {
            String when = phase == AttemptPhase.READING || connection.hasBegunToAnswer()
                    ? "in the middle of its answer"
                    : "without an answer";
            throw new UnreachableException(
                    connection.peer() + " broke the connection off " + when + ": " + e.getMessage(), e);
        } finally {
            // First the end, then the return: else a late deadline would close what another attempt already uses.
            if (keepNanos > 0 && endsInTime()) {
                parts.idle.give(connection, reused, keepNanos);
            } else {
                connection.close();
            }
        }
    }

    private ClassicHttpResponse answerTo(RequestEncoder.Message message, MerchantConnection connection, boolean reused)
            throws IOException, HttpException {
        try {
            try {
                connection.send(message.head(), message.body());
            } catch (IOException unsent) {
                // A server may answer and hang up before it has read everything (413, say). Its answer is an answer.
                try {
                    return connection.receiveHead();
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

    private static Result failed(Outcome outcome, String error) {
        String line = ResponseReader.printable(error);
        return new Result(
                outcome, null, line.length() > ERROR_CHARS_MAX ? line.substring(0, ERROR_CHARS_MAX) : line, null);
    }
}
