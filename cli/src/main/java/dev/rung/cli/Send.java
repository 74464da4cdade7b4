package dev.rung.cli;

import dev.rung.client.Accepted;
import dev.rung.client.Ladder;
import dev.rung.client.Merchant;
import dev.rung.client.MerchantFields;
import dev.rung.client.NewNotification;
import dev.rung.client.Problem;
import dev.rung.client.RungClient;
import dev.rung.client.RungException;
import dev.rung.core.model.Durations;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/** {@code rung send}: submits a notification. */
@Command(
        name = "send",
        header = "Sends a notification.",
        description = {
            "",
            "Without options, sends a sample payment result to http://127.0.0.1:9000/, where ./rung listen listens. The"
                    + " first call creates a test merchant and stores its secret in the data dir, where listen reads it.",
            "The payload is delivered byte for byte as given: 12.30 stays 12.30.",
            ""
        },
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rung send --wait",
            "  ./rung send --to http://127.0.0.1:9100/ --ladder 1s,2s,4s",
            "  ./rung send --merchant mch_1c2d3e4f5g6h7 --payload '{\"amount\":12.30}'",
            "  ./rung send --payload @result.json --deliver-at 10m"
        })
final class Send implements Callable<Integer> {

    private final Terminal terminal;

    @Option(
            names = "--to",
            paramLabel = "URL",
            order = 1,
            description = "target URL; default: the merchant's notify URL")
    private @Nullable String to;

    @Option(names = "--merchant", paramLabel = "ID", order = 2, description = "merchant id; default: the test merchant")
    private @Nullable String merchant;

    @Option(names = "--payload", paramLabel = "JSON", order = 3, description = "JSON, @FILE, or - for standard input")
    private @Nullable String payload;

    @Option(
            names = "--event-type",
            paramLabel = "TYPE",
            order = 4,
            description = "event type (${DEFAULT-VALUE})",
            defaultValue = "payment.succeeded")
    private String eventType = "";

    @Option(names = "--order-no", paramLabel = "NO", order = 5, description = "order number")
    private @Nullable String orderNo;

    @Option(
            names = "--ladder",
            paramLabel = "LADDER",
            order = 6,
            description = "name of a ladder, or waits such as 1s,30s,5m; default: the merchant's")
    private @Nullable String ladder;

    @Option(
            names = "--ordered",
            order = 7,
            description = "deliver only after earlier ordered notifications of the same order")
    private boolean ordered;

    @Option(
            names = "--deliver-at",
            paramLabel = "TIME",
            order = 8,
            description = "earliest delivery: 2026-11-23T10:00:00Z, or 10m from now")
    private @Nullable String deliverAt;

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            order = 9,
            description = "repeated submissions with the same key are accepted once")
    private @Nullable String idempotencyKey;

    @Option(names = "--wait", order = 10, description = "wait until it is settled; exit code 1 unless it is delivered")
    private boolean wait;

    @Option(names = "--json", order = 11, description = "print the API's JSON response")
    private boolean json;

    @Mixin
    private ServerOptions server = new ServerOptions();

    Send(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (ApiConnection api = server.api(terminal)) {
            String merchantId = merchant == null ? testMerchant(api) : merchant;
            Accepted accepted = call(api, rung -> rung.send(notification(merchantId)));
            String id = accepted.notification().id();
            if (json && !wait) {
                terminal.out().println(api.get("/v1/notifications/" + PathSegments.of(id)));
                return Commands.DONE;
            }
            return follow(api, id, accepted);
        }
    }

    /** A call whose error says how to allow a target, if that is what is wrong. */
    private static <T> T call(ApiConnection api, Function<RungClient, T> call) {
        try {
            return api.sdk(call);
        } catch (RungException e) {
            String message = api.problem(e).getMessage();
            throw new CommandFailed(
                    e.status() == 422 && isTargetNotAllowed(e.problem())
                            ? message + "\n" + NotificationFollower.HOW_TO_ALLOW
                            : String.valueOf(message));
        }
    }

    private int follow(ApiConnection api, String id, Accepted accepted) {
        NotificationFollower follow = new NotificationFollower(terminal, api, id, !json);
        if (!json) {
            terminal.out()
                    .println(terminal.paint(AnsiStyle.BOLD, id)
                            + (accepted.repeated() ? "  already accepted with this key" : "  accepted") + ", to "
                            + accepted.notification().url());
        }
        NotificationView end = wait ? follow.untilSettled() : follow.firstAttempt();
        if (json) {
            terminal.out().println(api.get("/v1/notifications/" + PathSegments.of(id)));
        } else if (!wait && !end.progress().isSettled()) {
            terminal.out()
                    .println(terminal.paint(
                            AnsiStyle.DIM, "Follow it: ./rung get " + id + "   Follow all: ./rung tail"));
        }
        return !wait || end.progress().state().equals("delivered") ? Commands.DONE : Commands.FAILED;
    }

    private String testMerchant(ApiConnection api) {
        TestMerchants kept = new TestMerchants(server.dataDir(terminal));
        for (TestMerchants.Entry entry : kept.read()) {
            if (api.ask("GET", "/v1/merchants/" + PathSegments.of(entry.merchantId()), null)
                    .succeeded()) {
                return entry.merchantId();
            }
        }
        Merchant made = call(
                api,
                rung -> rung.createMerchant(
                        MerchantFields.named("listen").withNotifyUrl("http://127.0.0.1:" + Listen.PORT_DEFAULT + "/")));
        String id = made.id();
        kept.add(new TestMerchants.Entry(id, Objects.requireNonNullElse(made.signingSecret(), "")));
        if (!json) {
            terminal.err().println("Created the test merchant " + id + "; its secret is stored in " + kept.file());
        }
        return id;
    }

    /** Whether the server rejects the address, which its --allow-targets setting can change. */
    private static boolean isTargetNotAllowed(Problem problem) {
        return problem.errors().stream()
                .anyMatch(e -> (e.field().equals("url") || e.field().equals("notify_url"))
                        && e.message().contains("allow"));
    }

    private NewNotification notification(String merchantId) {
        String order = orderNo != null ? orderNo : payload == null ? sampleOrderNo() : null;
        NewNotification wanted = NewNotification.to(merchantId, payload(order)).withEventType(eventType);
        wanted = order == null ? wanted : wanted.withOrderNo(order);
        wanted = to == null ? wanted : wanted.withUrl(to);
        wanted = ladder == null ? wanted : wanted.withLadder(ladder(ladder));
        wanted = ordered ? wanted.inOrder() : wanted;
        wanted = deliverAt == null ? wanted : wanted.withDeliverAt(time(deliverAt));
        return idempotencyKey == null ? wanted : wanted.withIdempotencyKey(idempotencyKey);
    }

    private static Ladder ladder(String text) {
        if (!text.matches("\\d.*")) {
            return Ladder.named(text);
        }
        try {
            return Ladder.of(Stream.of(text.split(",", -1))
                    .map(step -> Durations.parse(step.strip()))
                    .toArray(Duration[]::new));
        } catch (IllegalArgumentException e) {
            throw new WrongUsage("--ladder \"" + text + "\" " + e.getMessage());
        }
    }

    private String payload(@Nullable String order) {
        if (payload == null) {
            ObjectNode sample = JsonOutput.MAPPER.createObjectNode();
            sample.put("order_no", order);
            sample.put("status", "succeeded");
            sample.put("amount", new BigDecimal("12.30"));
            sample.put("currency", "CNY");
            return sample.toString();
        }
        byte[] bytes = given(payload);
        try {
            JsonOutput.MAPPER.readTree(bytes);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (JacksonException e) {
            throw new WrongUsage("--payload is not JSON: " + e.getOriginalMessage());
        } catch (CharacterCodingException e) {
            throw new WrongUsage("--payload is not UTF-8");
        }
    }

    private byte[] given(String text) {
        try {
            if (text.equals("-")) {
                return terminal.in().readAllBytes();
            }
            return text.startsWith("@")
                    ? Files.readAllBytes(terminal.workingDirectory().resolve(Path.of(text.substring(1))))
                    : text.getBytes(StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new WrongUsage("--payload " + text + ": file not found");
        } catch (IOException e) {
            throw new WrongUsage("--payload " + text + " cannot be read");
        }
    }

    private static String sampleOrderNo() {
        return DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSS", Locale.ROOT)
                .format(Instant.now().atZone(ZoneId.systemDefault()));
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            // Try it as a duration.
        }
        try {
            return Instant.now().plus(Durations.parse(text)).truncatedTo(ChronoUnit.MILLIS);
        } catch (IllegalArgumentException e) {
            throw new WrongUsage("--deliver-at \"" + text
                    + "\" is neither a time such as 2026-11-23T10:00:00Z nor a duration such as 10m");
        }
    }
}
