package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.core.TestTimeouts;
import dev.rung.core.port.SubmissionSource.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every source of submissions does while its broker is reachable. */
public abstract class SubmissionSourceContract {
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    /** A source, not started. */
    protected abstract SubmissionSource open(SubmissionSource.Handler handler) throws Exception;

    /** Submits as a producer does; it is with the broker when this returns. */
    protected abstract void submit(Submission submission) throws Exception;

    /** How many submissions the broker has and no source is handling. */
    protected abstract long waiting() throws Exception;

    /** The reasons of those that the broker keeps as invalid. */
    protected abstract List<String> rejected() throws Exception;

    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private SubmissionSource started(SubmissionSource.Handler handler) throws Exception {
        SubmissionSource source = open(submission -> {
            handled.add(submission.routingKey() + "/" + submission.messageId() + "/" + submission.contentEncoding()
                    + "/" + submission.traceparent() + "/" + new String(submission.body(), StandardCharsets.UTF_8));
            return handler.handle(submission);
        });
        source.start();
        await().atMost(TestTimeouts.AT_MOST).until(source::isConnected);
        return source;
    }

    private static SubmissionSource.Handler always(Verdict verdict) {
        return submission -> CompletableFuture.completedFuture(verdict);
    }

    private static Submission submission(String routingKey, @Nullable String messageId, String body) {
        return new Submission(routingKey, messageId, null, null, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anAcceptedSubmissionLeavesTheBrokerWithKeyIdEncodingTraceAndBytesAsSubmitted() throws Exception {
        try (SubmissionSource _ = started(always(new Verdict.Accepted()))) {
            submit(new Submission("mch_1", "key", "utf-8", TRACE, "{\"a\":12.30}".getBytes(StandardCharsets.UTF_8)));
            submit(submission("", null, "two"));
            await().atMost(TestTimeouts.AT_MOST).until(() -> handled.size() == 2);
        }
        assertThat(handled).containsExactly("mch_1/key/utf-8/" + TRACE + "/{\"a\":12.30}", "/null/null/null/two");
        assertThat(waiting()).isZero();
        assertThat(rejected()).isEmpty();
    }

    @Test
    void anInvalidSubmissionIsKeptWithItsReason() throws Exception {
        try (SubmissionSource _ = started(always(new Verdict.Invalid("payload: is missing")))) {
            submit(submission("mch_1", "key", "{}"));
            await().atMost(TestTimeouts.AT_MOST)
                    .untilAsserted(() -> assertThat(rejected()).containsExactly("payload: is missing"));
        }
        assertThat(handled).hasSize(1);
        assertThat(waiting()).isZero();
    }

    @Test
    void aSubmissionThatIsToBeTriedLaterOrWhoseHandlerFailsIsHandledAgain() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (SubmissionSource _ = started(submission -> switch (calls.incrementAndGet()) {
            case 1 -> CompletableFuture.completedFuture(new Verdict.TryLater());
            case 2 -> CompletableFuture.failedFuture(new IllegalStateException("planted"));
            default -> CompletableFuture.completedFuture(new Verdict.Accepted());
        })) {
            submit(submission("", null, "one"));
            await().atMost(TestTimeouts.AT_MOST).until(() -> calls.get() == 3);
        }
        assertThat(handled).containsOnly("/null/null/null/one");
        assertThat(waiting()).isZero();
    }

    @Test
    void aClosedSourceLeavesTheRestWithTheBroker() throws Exception {
        try (SubmissionSource _ = started(always(new Verdict.TryLater()))) {
            submit(submission("", null, "1"));
            submit(submission("", null, "2"));
            await().atMost(TestTimeouts.AT_MOST).until(() -> handled.size() >= 2);
        }
        await().atMost(TestTimeouts.AT_MOST).until(() -> waiting() == 2);
    }
}
