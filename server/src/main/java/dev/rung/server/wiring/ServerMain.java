package dev.rung.server.wiring;

import dev.rung.cli.ServerLauncher;
import dev.rung.core.port.StoreException;
import dev.rung.settings.DataDir;
import dev.rung.settings.RunningServer;
import dev.rung.settings.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.ConnectorStartFailedException;
import org.springframework.boot.web.server.PortInUseException;

/** Runs a server from settings to its end. */
public final class ServerMain implements ServerLauncher {
    private static final Logger LOG = LoggerFactory.getLogger(ServerMain.class);

    /** The shutdown ends this long before the promised time, complete or not. */
    private static final Duration STOP_EARLY = Duration.ofMillis(500);

    @Override
    public int run(Settings settings, Companion companion) {
        Thread.setDefaultUncaughtExceptionHandler(
                new FatalErrorHandler(code -> Runtime.getRuntime().halt(code)));
        Server server;
        try {
            server = Server.start(settings);
        } catch (RuntimeException e) {
            tell(System.err, e, settings, "rung " + companion.command() + ": ");
            companion.ended();
            return 1;
        }
        Hangup.handle(server::reloadTls);
        CountDownLatch stop = new CountDownLatch(1);
        long stopMillis = settings.drain()
                .delay()
                .plus(settings.drain().timeout())
                .minus(STOP_EARLY)
                .toMillis();
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        // The JVM waits for its hooks, but would end with the signal's code: this one lets the main thread finish, then
        // says the code.
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("rung-stop").unstarted(() -> {
                    stop.countDown();
                    Runtime.getRuntime()
                            .halt(ended.completeOnTimeout(1, stopMillis, TimeUnit.MILLISECONDS)
                                    .join());
                }));
        int code = 1;
        try {
            code = runUntil(stop, server, settings, companion);
        } finally {
            companion.ended();
            ended.complete(code);
        }
        return code;
    }

    private static int runUntil(CountDownLatch stop, Server server, Settings settings, Companion companion) {
        RunningServer entry =
                new RunningServer(server.address(), ProcessHandle.current().pid());
        DataDir dataDir = new DataDir(settings.storage().dataDir());
        try (server) {
            entry.write(dataDir);
            System.out.println("Rung is ready at " + server.address());
            System.out.flush();
            try {
                companion.ready(server.address());
                stop.await();
            } finally {
                companion.stopping();
            }
            entry.remove(dataDir);
        } catch (IOException e) {
            LOG.error("the data dir {} cannot be written", dataDir.path(), e);
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.info("stopped");
        return 0;
    }

    /** Prints why the server could not start: a sentence for what an operator can correct, the stack trace for a bug. */
    private static void tell(PrintStream err, RuntimeException failure, Settings settings, String prefix) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case StartupException e -> err.println(prefix + e.getMessage());
                case StoreException e -> err.println(prefix + e.getMessage());
                case PortInUseException e ->
                    err.println(prefix + "port " + e.getPort()
                            + " is in use; choose another with --port, or 0 for any free port");
                case ConnectorStartFailedException e ->
                    err.println(prefix + "cannot listen on "
                            + settings.listen().bind().getHostAddress() + ":" + e.getPort()
                            + "; check that the address belongs to this machine, and the TLS files");
                case BindException e ->
                    err.println(
                            prefix + "cannot listen on "
                                    + settings.listen().bind().getHostAddress() + ":"
                                    + settings.listen().port() + ": " + e.getMessage()
                                    + "; set an address of this machine with --bind, and with --port a port that this user may open");
                default -> {
                    continue;
                }
            }
            return;
        }
        LOG.error("the server could not start", failure);
    }
}
