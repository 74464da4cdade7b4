package dev.rung.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.api.ApiKeys;
import dev.rung.api.IntakeConfiguration;
import dev.rung.api.SubmissionReader;
import dev.rung.api.UrlCheck;
import dev.rung.core.flow.Engine;
import dev.rung.core.flow.EngineLimits;
import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.flow.MerchantCache;
import dev.rung.core.memory.MemoryClusterStore;
import dev.rung.core.memory.MemoryKeyStore;
import dev.rung.core.memory.MemoryMerchantStore;
import dev.rung.core.memory.MemoryNotificationStore;
import dev.rung.core.memory.StoreFaults;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.Signing;
import dev.rung.core.port.NotificationCatalog;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.Sender;
import dev.rung.core.port.Submission;
import dev.rung.core.port.SubmissionSource.Verdict;
import dev.rung.crypto.MasterKey;
import dev.rung.crypto.SigningDialects;
import dev.rung.crypto.SigningKeys;
import dev.rung.crypto.Vault;
import dev.rung.observability.IntakeMetrics;
import dev.rung.observability.Tracing;
import dev.rung.queue.local.LocalTimer;
import dev.rung.queue.local.LocalWakeQueue;
import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.OpenApi;
import dev.rung.server.fixture.TestResponse;
import dev.rung.server.http.ConnectionLimits;
import dev.rung.server.http.ConnectionTable;
import dev.rung.settings.Settings;
import dev.rung.web.Authenticator;
import dev.rung.web.LoopbackTrust;
import dev.rung.web.RefusedCalls;
import dev.rung.web.WrongKeyLimit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** An intake with a limit of three notifications, on a slow store. */
class IntakeOverloadTest {
    private static final String KEY = "key";

    private final InstantSource clock = InstantSource.system();
    private final MemoryNotificationStore store = new MemoryNotificationStore(clock);
    private final MemoryMerchantStore merchants = new MemoryMerchantStore();
    private final LocalTimer timer = new LocalTimer();
    private final LocalWakeQueue queue = new LocalWakeQueue(store::queued, clock, 16, false);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Executor executor = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CountDownLatch storing = new CountDownLatch(1);
    private final String merchant = new MerchantId(2_001).toString();
    private final HttpClient http = HttpClient.newHttpClient();

    private Engine engine;
    private MerchantCache merchantCache;
    private SubmissionReader reader;
    private AnnotationConfigServletWebServerApplicationContext server;
    private ApiTestClient operator;

    @BeforeEach
    void start() {
        Ids ids = new Ids(clock, new SecureRandom(), 0);
        merchants.insert(teaHouse("https://shop.example/"));
        merchantCache = new MerchantCache(merchants);
        merchantCache.start();
        engine = new Engine(
                store,
                merchantCache,
                new MemoryClusterStore(),
                queue,
                new EngineRuntime(timer, clock, executor),
                ids,
                new EngineLimits(4, 3, 1 << 20, 1),
                event -> {});
        engine.start(new Silent());
        Settings.Listen listen = new Settings.Listen(0, InetAddress.getLoopbackAddress(), null, false, List.of());
        server = new AnnotationConfigServletWebServerApplicationContext();
        server.registerBean(
                TomcatServletWebServerFactory.class,
                () -> Tomcat.factory(
                        listen, new ConnectionTable(ConnectionLimits.ofProcess(address -> false), System::nanoTime)));
        server.registerBean(Engine.class, () -> engine);
        server.registerBean(NotificationStore.class, () -> store);
        server.registerBean(NotificationCatalog.class, store::catalog);
        server.registerBean(MerchantCache.class, () -> merchantCache);
        server.registerBean(UrlCheck.class, () -> url -> Optional.empty());
        SecureRandom random = new SecureRandom();
        MasterKey master = MasterKey.ofBase64(java.util.Base64.getEncoder().encodeToString(new byte[32]));
        server.registerBean(
                SigningDialects.class, () -> new SigningDialects(new SigningKeys(new Vault(master, random), random)));
        server.registerBean(InstantSource.class, () -> clock);
        server.registerBean(IntakeMetrics.class, () -> new IntakeMetrics(registry));
        server.registerBean(
                Authenticator.class,
                () -> new ApiKeys(KEY, null, new MemoryKeyStore(), ids, clock, new SecureRandom()));
        server.registerBean(RefusedCalls.class, RefusedCalls::new);
        server.registerBean(WrongKeyLimit.class, () -> new WrongKeyLimit(clock));
        server.registerBean(LoopbackTrust.class, () -> new LoopbackTrust(true));
        server.register(MvcConfiguration.class, IntakeConfiguration.class);
        server.refresh();
        reader = server.getBean(SubmissionReader.class);
        URI address = URI.create("http://127.0.0.1:" + server.getWebServer().getPort());
        operator = new ApiTestClient(http, address, KEY, openApi());
        store.failing(method -> {
            if (method.equals("accept")) {
                storing.countDown();
                awaitQuietly(goOn);
            }
            return StoreFaults.Fault.NONE;
        });
    }

    private static Merchant teaHouse(@Nullable String url) {
        return new Merchant(
                new MerchantId(2_001),
                "Tea House",
                Receiver.of(url, Receiver.Keys.of(Signing.HMAC, new byte[0], null))
                        .withMaxInFlight(8),
                0,
                0);
    }

    private static OpenApi openApi() {
        return new OpenApi(new ObjectMapper().readTree(IntakeOverloadTest.class.getResourceAsStream("/openapi.json")));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        goOn.countDown();
        server.close();
        queue.close();
        timer.close();
        http.close();
    }

    @Test
    void whatDoesNotFitIsToldToComeLaterAndWhatWasTakenIsKept() {
        String body = "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}";
        List<CompletableFuture<TestResponse>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(CompletableFuture.supplyAsync(() -> operator.post("/v1/notifications", body), executor));
        }
        // The first three are accepted.
        CompletableFuture<TestResponse> first = await().until(
                        () -> waiting.stream().filter(CompletableFuture::isDone).findAny(), Optional::isPresent)
                .orElseThrow();
        waiting.remove(first);
        TestResponse refused = first.join().expectProblem(503);
        assertThat(refused.header("retry-after")).isEqualTo("1");
        assertThat(registry.counter("rung.intake.rejected", "reason", "overload")
                        .count())
                .isPositive();
        goOn.countDown();
        for (CompletableFuture<TestResponse> each : waiting) {
            String id = each.join().expect(202).at("/id");
            assertThat(store.catalog().find(NotificationId.parse(id))).isPresent();
        }
        operator.post("/v1/notifications", body).expect(202);
    }

    @Test
    void aBatchTellsWhichOfItsItemsDidNotFit() {
        String item = "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}";
        String body = "{\"notifications\":[" + String.join(",", item, item, item, item, item) + "]}";
        CompletableFuture<TestResponse> reply =
                CompletableFuture.supplyAsync(() -> operator.post("/v1/notifications/batch", body), executor);
        awaitQuietly(storing);
        // The first of the five is being stored; the others follow at once, and no event shows when the last has.
        await().pollDelay(Duration.ofSeconds(2)).until(() -> !reply.isDone());
        goOn.countDown();
        JsonNode results = reply.join().expect(200).json().get("results");
        assertThat(results.valueStream().map(r -> r.get("status").asInt())).containsExactly(202, 202, 202, 503, 503);
    }

    private AmqpIntakeHandler submissions() {
        return new AmqpIntakeHandler(
                engine,
                reader,
                new IntakeMetrics(registry),
                new RejectionLog(InstantSource.system())::add,
                Tracing.OFF);
    }

    @Test
    void aBatchOfWhichNothingFitsIsToldToComeLaterAsAWhole() {
        String item = "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}";
        AmqpIntakeHandler submissions = submissions();
        for (int i = 0; i < 3; i++) {
            submissions.handle(new Submission("", null, null, null, item.getBytes(StandardCharsets.UTF_8)));
        }
        TestResponse whole = operator.post("/v1/notifications/batch", "{\"notifications\":[" + item + "," + item + "]}")
                .expectProblem(503);
        assertThat(whole.header("retry-after")).isEqualTo("1");
    }

    /** It may be a repeat, so it is neither rejected finally nor answered as a repeat. */
    @Test
    void whatIsInvalidUnderAKeyIsToComeLaterWhileTheStoreIsAway() {
        goOn.countDown();
        store.failing(
                method -> method.equals("findAccepted") ? StoreFaults.Fault.BEFORE_COMMIT : StoreFaults.Fault.NONE);
        String invalid = "{\"merchant_id\":\"" + merchant + "\",\"payload\":1,\"ladder\":\"nowhere\"}";
        byte[] bytes = invalid.getBytes(StandardCharsets.UTF_8);

        assertThat(operator.send("POST", "/v1/notifications", bytes, Map.of("Idempotency-Key", "k1"))
                        .expectProblem(503)
                        .header("retry-after"))
                .isEqualTo("2");
        String item = invalid.replace("}", ",\"idempotency_key\":\"k1\"}");
        String good = "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}";
        JsonNode results = operator.post("/v1/notifications/batch", "{\"notifications\":[" + item + "," + good + "]}")
                .expect(200)
                .json()
                .get("results");
        assertThat(results.valueStream().map(r -> r.get("status").asInt())).containsExactly(503, 202);
        AmqpIntakeHandler submissions = submissions();
        assertThat(submissions
                        .handle(new Submission(merchant, "k1", null, null, bytes))
                        .toCompletableFuture())
                .isCompletedWithValue(new Verdict.TryLater());
    }

    @Test
    void aRepeatThatWouldNotBeTakenTodayIsStillHeldToItsRoutingKey() {
        goOn.countDown();
        AmqpIntakeHandler submissions = submissions();
        byte[] body = ("{\"merchant_id\":\"" + merchant + "\",\"payload\":1}").getBytes(StandardCharsets.UTF_8);
        assertThat(submissions
                        .handle(new Submission(merchant, "k1", null, null, body))
                        .toCompletableFuture()
                        .join())
                .isEqualTo(new Verdict.Accepted());
        merchants.update(new MerchantId(2_001), _ -> teaHouse(null));
        engine.merchantChanged(new MerchantId(2_001));

        assertThat(submissions
                        .handle(new Submission(merchant, "k1", null, null, body))
                        .toCompletableFuture()
                        .join())
                .isEqualTo(new Verdict.Accepted());
        assertThat(submissions
                        .handle(new Submission("mch_0000000000000", "k1", null, null, body))
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(Verdict.Invalid.class);
    }

    @Test
    void whatIsPublishedIsTriedLater() {
        AmqpIntakeHandler submissions = submissions();
        byte[] body = ("{\"merchant_id\":\"" + merchant + "\",\"payload\":1}").getBytes(StandardCharsets.UTF_8);
        List<CompletionStage<Verdict>> taken = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            taken.add(submissions.handle(new Submission("", null, null, null, body)));
        }
        assertThat(submissions
                        .handle(new Submission(merchant, "m1", null, null, body))
                        .toCompletableFuture())
                .isCompletedWithValue(new Verdict.TryLater());
        goOn.countDown();
        for (CompletionStage<Verdict> each : taken) {
            assertThat(each.toCompletableFuture().join()).isEqualTo(new Verdict.Accepted());
        }
        assertThat(submissions
                        .handle(new Submission("", null, null, null, "{".getBytes(StandardCharsets.UTF_8)))
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(Verdict.Invalid.class);
        assertThat(submissions
                        .handle(new Submission("mch_0000000000000", null, null, null, body))
                        .toCompletableFuture()
                        .join())
                .isInstanceOfSatisfying(
                        Verdict.Invalid.class,
                        invalid -> assertThat(invalid.reason()).contains("routing key"));
    }

    @Test
    void aStoreThatFailsIsToldWithoutAnInternalReason() {
        goOn.countDown();
        store.failing(method -> method.equals("accept") ? StoreFaults.Fault.BEFORE_COMMIT : StoreFaults.Fault.NONE);
        TestResponse refused = operator.post(
                        "/v1/notifications", "{\"merchant_id\":\"" + merchant + "\",\"payload\":1}")
                .expectProblem(503);
        assertThat(refused.header("retry-after")).isEqualTo("2");
        assertThat(refused.at("/detail")).isEqualTo("The storage is unavailable.");
    }

    /** Sends nothing and reports an acknowledgement. */
    private static final class Silent implements Sender {
        @Override
        public CompletionStage<Result> send(Request request) {
            return CompletableFuture.completedFuture(new Result(Outcome.ACKNOWLEDGED, null, null, null));
        }

        @Override
        public void close() {}
    }
}
