package dev.rung.core.memory;

import dev.rung.core.port.SubmissionSource;
import dev.rung.core.port.SubmissionSourceContract;
import java.util.List;
import org.jspecify.annotations.Nullable;

class MemorySubmissionsTest extends SubmissionSourceContract {
    private final MemorySubmissions broker = new MemorySubmissions();

    @Override
    protected SubmissionSource open(SubmissionSource.Handler handler) {
        return broker.open(handler);
    }

    @Override
    protected void submit(String routingKey, @Nullable String messageId, byte[] body) {
        broker.submit(routingKey, messageId, body);
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
