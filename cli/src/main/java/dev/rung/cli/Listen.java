package dev.rung.cli;

import dev.rung.cli.Receiver.Misbehavior;
import dev.rung.cli.Receiver.Receipt;
import dev.rung.cli.SignatureCheck.Verdict;
import dev.rung.core.model.Durations;
import dev.rung.settings.DataDir;
import java.io.IOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** {@code rung listen}: a merchant's end on one's own machine. */
@Command(
        name = "listen",
        header = "A merchant's end on this machine: receives, verifies, prints; misbehaves on request.",
        description = {
            "",
            "It takes every POST, on every path, and prints a line for each: when, what, which attempt, whether the signature is"
                    + " right, and what it answered. Signatures are checked with the secrets that ./rung send keeps in the data dir,"
                    + " or with those given here.",
            ""
        },
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rung listen --fail 2",
            "  ./rung listen --port 9100 --delay 6s",
            "  ./rung listen --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw --status 503"
        })
final class Listen implements Callable<Integer> {
    static final int PORT_DEFAULT = 9000;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Terminal terminal;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "" + PORT_DEFAULT,
            description = "where it listens (${DEFAULT-VALUE}); 0 picks a free one")
    private int port;

    @Option(
            names = "--secret",
            paramLabel = "S",
            description = "the merchant's signing secret, whsec_…; may be given twice, while a key rotates")
    private List<String> secrets = List.of();

    @Option(
            names = "--public-key",
            paramLabel = "K",
            description = "the merchant's public key, where signing is ed25519 or rsa2-form")
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
            description = "wait so long before each answer, such as 6s")
    private String delay = "";

    @Option(
            names = "--status",
            paramLabel = "C",
            defaultValue = "200",
            description = "answer this to all others (${DEFAULT-VALUE})")
    private int status;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "the server's data dir (RUNG_DATA_DIR; ./rung-data)")
    private @Nullable String dataDir;

    Listen(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Receiver receiver = open()) {
            if (!json) {
                greet(receiver.port());
            }
            new CountDownLatch(1).await(); // until the process is ended
            return Commands.DONE;
        }
    }

    /** Begins to listen. */
    Receiver open() {
        if (fail < 0 || status < 200 || status > 599) {
            throw new WrongUsage("--fail is not negative, and --status is from 200 to 599");
        }
        try {
            return new Receiver(port, new Misbehavior(fail, delay(), status), check(), this::tell);
        } catch (BindException e) {
            throw new CommandFailed("port " + port + " is in use: --port P takes another one");
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
        return new Kept(new TestMerchants(dir()));
    }

    private SignatureCheck fixed(@Nullable PublicKey key) {
        try {
            return new SignatureCheck(secrets, key);
        } catch (IllegalArgumentException e) {
            throw new WrongUsage("--secret is neither whsec_… nor base64");
        }
    }

    private DataDir dir() {
        String named = Objects.requireNonNullElse(
                dataDir, terminal.environment().getOrDefault("RUNG_DATA_DIR", "./rung-data"));
        return new DataDir(terminal.workingDirectory().resolve(named).normalize());
    }

    /** What {@code send} has kept, read again when it changes: the first {@code send} may come after {@code listen}. */
    private static final class Kept implements Supplier<SignatureCheck> {
        private final TestMerchants merchants;
        private @Nullable FileTime readAt;
        private SignatureCheck check = new SignatureCheck(List.of(), null);

        Kept(TestMerchants merchants) {
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
                // There is none yet.
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
        if (delay().compareTo(PATIENCE) >= 0) {
            terminal.out().println("Rung's patience with a merchant ends after 5 s: it will see a time-out.");
        }
        terminal.out()
                .println("In another terminal:  ./rung send" + (listeningAt == PORT_DEFAULT ? "" : " --to " + url));
        terminal.out().println();
    }

    private void tell(Receipt receipt) {
        String text = json ? object(receipt) : line(receipt) + "\n" + body(receipt);
        synchronized (this) {
            terminal.out().println(text);
        }
    }

    private String line(Receipt r) {
        AnsiStyle verdict = r.verdict() == Verdict.VERIFIED
                ? AnsiStyle.GREEN
                : r.verdict() == Verdict.NO_KEY ? AnsiStyle.YELLOW : AnsiStyle.RED;
        String why = r.failing() > 0 ? "  failing as asked, " + r.failing() + " of " + fail : "";
        return terminal.paint(AnsiStyle.DIM, TimeText.time(r.at())) + "  "
                + terminal.paint(AnsiStyle.BOLD, padded(shown(r.eventType()), 18)) + "  "
                + padded(shown(r.id()), 17) + "  "
                + padded(r.attempt() == null ? "" : "attempt " + shown(r.attempt()), 10) + "  "
                + terminal.paint(verdict, padded(r.verdict().text(), 8)) + "  "
                + terminal.sign("→", "->") + " "
                + terminal.paint(r.status() / 100 == 2 ? AnsiStyle.GREEN : AnsiStyle.YELLOW, "" + r.status()) + why
                + (r.repeat() ? terminal.paint(AnsiStyle.YELLOW, "  again, though acknowledged before") : "");
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
