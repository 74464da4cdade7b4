package dev.rung.cli.doctor;

import dev.rung.core.port.CheckResult;
import dev.rung.settings.DataDir;
import dev.rung.settings.RunningServer;
import dev.rung.settings.Settings;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;

/** Checks whether the server can listen on its port, or already does. */
final class PortCheck implements Check {
    private final Settings settings;

    PortCheck(Settings settings) {
        this.settings = settings;
    }

    @Override
    public List<CheckResult> run() {
        CheckResult.Report report = new CheckResult.Report("port");
        InetAddress bind = settings.listen().bind();
        int port = settings.listen().port();
        String where = bind.getHostAddress() + ":" + port;
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(bind, port));
            report.ok(port == 0 ? "a free port is chosen at each start" : where + " is free");
        } catch (BindException e) {
            taken(report, where, port);
        } catch (IOException e) {
            report.wrong("cannot listen on " + where + ": " + e.getMessage(), "choose another with --port or --bind");
        }
        return report.results();
    }

    private void taken(CheckResult.Report report, String where, int port) {
        Optional<RunningServer> running = running().filter(r -> r.url().getPort() == port);
        if (running.isPresent()) {
            report.ok(where + " is in use by the server of this data dir");
        } else {
            report.wrong(
                    where + " is in use by another process, or is not an address of this machine",
                    "choose another with --port or --bind; ss -ltnp lists the listening processes");
        }
    }

    private Optional<RunningServer> running() {
        try {
            return RunningServer.read(new DataDir(settings.storage().dataDir())).filter(RunningServer::isAlive);
        } catch (IOException e) {
            return Optional.empty(); // reported by DataDirCheck
        }
    }
}
