package dev.rung.core.memory;

import dev.rung.core.port.Submission;
import dev.rung.core.port.SubmissionSource;
import dev.rung.core.port.SubmissionSourceContract;
import java.util.List;

class MemorySubmissionsTest extends SubmissionSourceContract {
    private final MemorySubmissions broker = new MemorySubmissions();

    @Override
    protected SubmissionSource open(SubmissionSource.Handler handler) {
        return broker.open(handler);
    }

    @Override
    protected void submit(Submission submission) {
        broker.submit(submission);
    }

    @Override
    protected long waiting() {
        return broker.waiting();
    }

    @Override
    protected List<String> rejected() {
        return broker.rejected();
    }
}
