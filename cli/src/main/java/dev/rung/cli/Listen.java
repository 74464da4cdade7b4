package dev.rung.cli;

import dev.rung.cli.SignatureCheck.Verdict;
import dev.rung.cli.WebhookReceiver.Misbehavior;
import dev.rung.cli.WebhookReceiver.Receipt;
import dev.rung.core.model.Durations;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** {@code rung listen}: a webhook receiver for tests on the local machine. */
@Command(
        name = "listen",
        header = "Receives webhooks on this machine, verifies and prints them; can simulate failures.",
        description = {
            "",
            "Accepts POST requests on any path and prints a line for each: time, event type, attempt, result of the signature"
                    + " check, and response status. Signatures are verified with the secrets that ./rung send stored in the data dir,"
                    + " or with the given keys.",
            ""
        },
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rung listen --fail 2",
            "  ./rung listen --port 9100 --delay 6s",
            "  ./rung listen --forward-to http://127.0.0.1:3000/webhooks",
            "  ./rung listen --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw --status 503"
        })
final class Listen implements Callable<Integer> {
    static final int PORT_DEFAULT = 9000;

    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(5);

    private final Terminal terminal;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "" + PORT_DEFAULT,
            description = "port to listen on (${DEFAULT-VALUE}); 0 for any free port")
    private int port;

    @Option(
            names = "--secret",
            paramLabel = "S",
            description = "signing secret, whsec_…; may be repeated during a key rotation")
    private List<String> secrets = List.of();

    @Option(
            names = "--public-key",
            paramLabel = "K",
            description = "public key, for merchants that use ed25519 or rsa2-form")
    private @Nullable String publicKey;

    @Option(
            names = "--fail",
            paramLabel = "N",
            defaultValue = "0",
            description = "answer 500 to the first N requests of each notification")
    private int fail;

    @Option(
            names = "--delay",
            paramLabel = "D",
            defaultValue = "0s",
            description = "delay before each response, such as 6s")
    private String delay = "";

    @Option(
            names = "--status",
            paramLabel = "C",
            defaultValue = "200",
            description = "status of all other responses (${DEFAULT-VALUE})")
    private int status;

    @Option(
            names = "--forward-to",
            paramLabel = "URL",
            description = "also forward each request, unchanged, to this URL")
    private @Nullable URI forwardTo;

    @Option(names = "--json", description = "print one JSON object a line")
    private boolean json;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    private @Nullable Forwarder forwarder;

    Listen(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (WebhookReceiver receiver = open()) {
            if (!json) {
                greet(receiver.port());
            }
            new CountDownLatch(1).await(); // until the process is terminated
            return Commands.DONE;
        }
    }

    /** Starts to listen. */
    WebhookReceiver open() {
        if (fail < 0 || status < 200 || status > 599) {
            throw new WrongUsage("--fail must not be negative, and --status must be from 200 to 599");
        }
        forwarder = forwardTo == null ? null : Forwarder.to(forwardTo);
        try {
            return new WebhookReceiver(port, new Misbehavior(fail, delay(), status), check(), this::received);
        } catch (BindException e) {
            throw new CommandFailed("port " + port + " is in use; choose another with --port P");
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailed("cannot listen on port " + port + ": " + e.getMessage());
        }
    }

    private Duration delay() {
        try {
            return Durations.parse(delay);
        } catch (IllegalArgumentException e) {
            throw new WrongUsage("--delay \"" + delay + "\" " + e.getMessage());
        }
    }

    private Supplier<SignatureCheck> check() {
        PublicKey key;
        try {
            key = publicKey == null ? null : SignatureCheck.publicKey(publicKey);
        } catch (IllegalArgumentException e) {
            throw new WrongUsage("--public-key " + e.getMessage());
        }
        if (!secrets.isEmpty() || key != null) {
            SignatureCheck fixed = fixed(key);
            return () -> fixed;
        }
        return new StoredSecrets(new TestMerchants(dataDir.of(terminal)));
    }

    private SignatureCheck fixed(@Nullable PublicKey key) {
        try {
            return new SignatureCheck(secrets, key);
        } catch (IllegalArgumentException e) {
            throw new WrongUsage("--secret is neither whsec_… nor base64");
        }
    }

    /** The secrets stored by {@code send}, read again when the file changes, because {@code send} may run after {@code listen}. */
    private static final class StoredSecrets implements Supplier<SignatureCheck> {
        private final TestMerchants merchants;
        private @Nullable FileTime readAt;
        private SignatureCheck check = new SignatureCheck(List.of(), null);

        StoredSecrets(TestMerchants merchants) {
            this.merchants = merchants;
        }

        @Override
        public synchronized SignatureCheck get() {
            try {
                FileTime changedAt = Files.getLastModifiedTime(merchants.file());
                if (!changedAt.equals(readAt)) {
                    check = new SignatureCheck(
                            merchants.read().stream()
                                    .map(TestMerchants.Entry::secret)
                                    .toList(),
                            null);
                    readAt = changedAt;
                }
            } catch (IOException e) {
                // The file does not exist yet.
            }
            return check;
        }
    }

    private void greet(int listeningAt) {
        String url = "http://127.0.0.1:" + listeningAt + "/";
        String first = fail == 1 ? "the first request" : "the first " + fail + " requests";
        String answers = fail > 0 ? "500 to " + first + " of each notification, then " + status : "" + status;
        terminal.out()
                .println(terminal.paint(AnsiStyle.BOLD, "Listening at " + url) + ", answering " + answers
                        + (delay().isZero() ? "" : " after " + TimeText.exact(delay())) + ".");
        if (delay().compareTo(ATTEMPT_TIMEOUT) >= 0) {
            terminal.out().println("Rung's attempts time out after 5 s, so each attempt will time out.");
        }
        terminal.out()
                .println("In another terminal:  ./rung send" + (listeningAt == PORT_DEFAULT ? "" : " --to " + url));
        terminal.out().println();
    }

    private void received(Receipt receipt) {
        print(receipt);
        Forwarder forward = forwarder;
        if (forward != null) {
            Thread.startVirtualThread(() -> printForwarded(receipt, forward.pass(receipt)));
        }
    }

    private void printForwarded(Receipt receipt, Forwarder.Result result) {
        String text;
        if (json) {
            ObjectNode object = JsonOutput.MAPPER.createObjectNode();
            object.put("id", receipt.id());
            object.put("forwarded_status", result.status());
            object.put("forwarding_error", result.error());
            text = object.toString();
        } else {
            boolean succeeded = result.status() != null && result.status() / 100 == 2;
            text = "  " + shown(receipt.id()) + "  forwarded " + terminal.sign("→", "->") + " "
                    + terminal.paint(
                            succeeded ? AnsiStyle.GREEN : AnsiStyle.YELLOW,
                            result.status() == null ? shown(result.error()) : "" + result.status());
        }
        synchronized (this) {
            terminal.out().println(text);
        }
    }

    private void print(Receipt receipt) {
        String text = json ? object(receipt) : line(receipt) + "\n" + body(receipt);
        synchronized (this) {
            terminal.out().println(text);
        }
    }

    private String line(Receipt r) {
        AnsiStyle verdict = r.verdict() == Verdict.VERIFIED
                ? AnsiStyle.GREEN
                : r.verdict() == Verdict.NO_KEY ? AnsiStyle.YELLOW : AnsiStyle.RED;
        String reason = r.failing() > 0 ? "  simulated failure " + r.failing() + " of " + fail : "";
        return terminal.paint(AnsiStyle.DIM, TimeText.time(r.at())) + "  "
                + terminal.paint(AnsiStyle.BOLD, padded(shown(r.eventType()), 18)) + "  "
                + padded(shown(r.id()), 17) + "  "
                + padded(r.attempt() == null ? "" : "attempt " + shown(r.attempt()), 10) + "  "
                + terminal.paint(verdict, padded(r.verdict().text(), 8)) + "  "
                + terminal.sign("→", "->") + " "
                + terminal.paint(r.status() / 100 == 2 ? AnsiStyle.GREEN : AnsiStyle.YELLOW, "" + r.status()) + reason
                + (r.repeat() ? terminal.paint(AnsiStyle.YELLOW, "  repeat of an acknowledged notification") : "");
    }

    private String body(Receipt r) {
        return "  " + NotificationText.shown(new String(r.body(), StandardCharsets.UTF_8), 2000);
    }

    private static String shown(@Nullable String header) {
        return header == null ? "-" : NotificationText.shown(header, 100);
    }

    private static String padded(String text, int width) {
        return String.format(Locale.ROOT, "%-" + width + "s", text);
    }

    private static String object(Receipt r) {
        ObjectNode object = JsonOutput.MAPPER.createObjectNode();
        object.put("received_at", r.at().toString());
        object.put("event_type", r.eventType());
        object.put("id", r.id());
        object.put("attempt", r.attempt());
        object.put("signature", r.verdict().text().toLowerCase(Locale.ROOT));
        object.put("status", r.status());
        object.put("body", new String(r.body(), StandardCharsets.UTF_8));
        return object.toString();
    }
}
