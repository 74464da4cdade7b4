package dev.rung.core;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Sets Awaitility's default timeout high enough for a slow and busy machine. Registered for the tests of every module.
 */
public final class TestTimeouts implements BeforeAllCallback {
    /** Awaited conditions that are not met by then will never be met. */
    public static final Duration AT_MOST = Duration.ofSeconds(120);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(AT_MOST);
    }
}
