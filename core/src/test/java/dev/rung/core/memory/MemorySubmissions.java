package dev.rung.core.memory;

import dev.rung.core.port.Submission;
import dev.rung.core.port.SubmissionSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A broker's queue of submissions within the process: one source, one thread, no pauses. Thread-safe. */
public final class MemorySubmissions {
    private final Deque<Submission> waiting = new ArrayDeque<>();
    private final List<String> rejected = new ArrayList<>();

    public synchronized void submit(Submission submission) {
        waiting.add(submission);
        notifyAll();
    }

    public synchronized long waiting() {
        return waiting.size();
    }

    public synchronized List<String> rejected() {
        return List.copyOf(rejected);
    }

    /** The source, not started. */
    public SubmissionSource open(SubmissionSource.Handler handler) {
        return new Source(handler);
    }

    private synchronized Submission take() throws InterruptedException {
        while (waiting.isEmpty()) {
            wait();
        }
        return waiting.remove();
    }

    private synchronized void putBack(Submission submission) {
        waiting.addFirst(submission);
    }

    private synchronized void conclude(Submission submission, SubmissionSource.Verdict verdict) {
        switch (verdict) {
            case SubmissionSource.Verdict.Accepted() -> {}
            case SubmissionSource.Verdict.Invalid(String reason) -> rejected.add(reason);
            case SubmissionSource.Verdict.TryLater() -> waiting.add(submission);
        }
    }

    private final class Source implements SubmissionSource {
        private final Handler handler;
        private final Thread thread = Thread.ofVirtual().unstarted(this::run);
        private volatile boolean running;

        Source(Handler handler) {
            this.handler = handler;
        }

        @Override
        public void start() {
            running = true;
            thread.start();
        }

        @Override
        public boolean isConnected() {
            return running;
        }

        private void run() {
            try {
                while (running) {
                    Submission next = take();
                    if (running) {
                        conclude(next, verdict(next));
                    } else {
                        putBack(next);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // closed
            }
        }

        private Verdict verdict(Submission submission) {
            CompletionStage<Verdict> stage = handler.handle(submission);
            return stage.exceptionally(failure -> new Verdict.TryLater())
                    .toCompletableFuture()
                    .join();
        }

        @Override
        public void close() {
            running = false;
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
