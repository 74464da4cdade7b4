package dev.rung.cli.doctor;

import dev.rung.core.port.CheckResult;
import dev.rung.delivery.http.AllowedTargets;
import dev.rung.delivery.http.EgressGuard;
import dev.rung.delivery.http.HttpProxy;
import dev.rung.settings.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

/** Checks the allowed targets and the proxy. */
final class TargetsCheck implements Check {
    private static final Duration CONNECT = Duration.ofSeconds(3);

    /** Metadata services of clouds, which return credentials. */
    private static final List<String> METADATA = List.of("169.254.169.254", "[fd00:ec2::254]");

    private final Settings.Egress egress;

    TargetsCheck(Settings.Egress egress) {
        this.egress = egress;
    }

    @Override
    public List<CheckResult> run() {
        CheckResult.Report report = new CheckResult.Report("targets");
        AllowedTargets allowed = new AllowedTargets(egress.allowTargets());
        if (allowed.networks().isEmpty()) {
            report.note(
                    "public addresses only",
                    "to send to this machine or a private network: --allow-targets 127.0.0.0/8, for example");
        } else {
            report.ok("public addresses, and " + allowed);
        }
        EgressGuard guard = new EgressGuard(allowed);
        for (String address : METADATA) {
            if (guard.check("http://" + address + "/").isEmpty()) {
                report.note(
                        "merchants' URLs may reach " + address + ", the cloud metadata service",
                        "restrict --allow-targets");
            }
        }
        HttpProxy proxy = egress.proxy();
        if (proxy != null) {
            proxy(report, proxy);
        }
        return report.results();
    }

    private static void proxy(CheckResult.Report report, HttpProxy proxy) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(proxy.host(), proxy.port()), (int) CONNECT.toMillis());
            report.ok("the proxy at " + proxy + " responds");
        } catch (IOException e) {
            report.wrong("no response from the proxy " + proxy, "start it, or correct --proxy");
        }
    }
}
