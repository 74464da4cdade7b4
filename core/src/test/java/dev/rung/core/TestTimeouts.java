package dev.rung.core;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets every test wait for what it awaits as long as a machine may take that is slow and busy with other things: whoever waits for something
 * that never comes is wrong after this as well. It registers itself for the tests of every module.
 */
public final class TestTimeouts implements BeforeAllCallback {
    /** Nothing that a test awaits takes longer, unless it never comes. */
    public static final Duration AT_MOST = Duration.ofSeconds(120);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(AT_MOST);
    }
}
