package dev.rung.test;

import dev.rung.client.MerchantFields;
import dev.rung.client.RungClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts a real Rung server and a recording merchant for a test class, and forgets what was received before each test.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final RungExtension RUNG = new RungExtension();
 *
 * @DynamicPropertySource
 * static void properties(DynamicPropertyRegistry registry) {
 *     registry.add("rung.url", RUNG.server()::url);
 *     registry.add("rung.api-key", RUNG.server()::apiKey);
 *     registry.add("rung.merchant-id", RUNG.merchant()::id);
 *     registry.add("rung.webhook.secret", RUNG.merchant()::signingSecret);
 * }
 * }</pre>
 *
 * <p>Tests may have parameters of type {@link RungServer}, {@link RecordingMerchant} and {@link RungClient}.
 */
public final class RungExtension implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, ParameterResolver {
    private final String[] settings;
    private @Nullable RungServer server;
    private @Nullable RecordingMerchant merchant;

    /**
     * @param settings of the server, as of {@code rung serve}
     */
    public RungExtension(String... settings) {
        this.settings = settings.clone();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server = RungServer.start(settings);
        merchant = new RecordingMerchant(server.client(), MerchantFields.named("recording merchant"));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        merchant().clear();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        merchant().close();
        server().close();
    }

    public RungServer server() {
        return started(server);
    }

    public RecordingMerchant merchant() {
        return started(merchant);
    }

    private static <T> T started(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("the extension is not started: register it in a static field");
        }
        return value;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == RungServer.class || type == RecordingMerchant.class || type == RungClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == RungServer.class) {
            return server();
        }
        return type == RecordingMerchant.class ? merchant() : server().client();
    }
}
