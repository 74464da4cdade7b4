package dev.rung.torture;

import dev.rung.torture.Verdict.Window;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;

/** One run: load, consecutive faults, a pause to settle, and the verdict. Used by one thread. */
final class TortureRun {
    private static final Duration FAULT_EVERY = Duration.ofSeconds(15);
    private static final Duration CALM = Duration.ofSeconds(10);
    private static final Duration SETTLE = Duration.ofSeconds(60);
    private static final int LOOKS_AT_ONCE = 8;

    private final TortureCluster cluster;
    private final Random random;
    private final PrintWriter out;
    private volatile boolean ended;
    private final List<Window> windows = Collections.synchronizedList(new ArrayList<>());
    private final List<Window> serverWindows = Collections.synchronizedList(new ArrayList<>());

    TortureRun(TortureCluster cluster, long seed, PrintWriter out) {
        this.cluster = cluster;
        this.random = new Random(seed);
        this.out = out;
    }

    /** Injects faults for this long, in shuffled rounds of all these kinds. */
    Verdict run(int perSecond, Duration length, List<Fault> kinds) throws IOException, InterruptedException {
        List<Producer.Supply> servers = cluster.servers.stream()
                .<Producer.Supply>map(server -> server::address)
                .toList();
        try (Producer producer = new Producer(servers, RungServer.KEY, cluster.merchantId)) {
            producer.start(perSecond);
            cluster.servers.forEach(server -> Thread.ofVirtual().start(() -> watchReadiness(server)));
            LocalProcess.pause(CALM.dividedBy(2));
            long end = System.nanoTime() + length.toNanos();
            List<Fault> round = new ArrayList<>();
            while (System.nanoTime() < end) {
                if (round.isEmpty()) {
                    round.addAll(kinds);
                    Collections.shuffle(round, random);
                }
                long next = System.nanoTime() + FAULT_EVERY.toNanos();
                inject(round.removeFirst());
                LocalProcess.pause(Duration.ofNanos(Math.max(0, Math.min(next, end) - System.nanoTime())));
            }
            LocalProcess.pause(CALM);
            producer.finish(SETTLE);
            return judge(producer.accepted());
        }
    }

    private void inject(Fault fault) {
        long[] began = {0};
        long[] over = {0};
        Fault.Journal journal = new Fault.Journal() {
            @Override
            public void fault(Fault kind, String target) {
                began[0] = System.currentTimeMillis();
                print(kind.words + ": " + target);
            }

            @Override
            public void over() {
                over[0] = System.currentTimeMillis();
            }
        };
        try {
            fault.inject(cluster, random, journal);
        } catch (IllegalStateException e) {
            // The broker's tools may fail on a node that has just restarted.
            print("  could not be injected or undone: " + e.getMessage());
            if (began[0] == 0) {
                return;
            }
            over[0] = System.currentTimeMillis();
        }
        long until = over[0] == 0 ? began[0] : over[0];
        windows.add(new Window(began[0], until));
        if (fault.explainsRepeats()) {
            serverWindows.add(new Window(began[0], System.currentTimeMillis()));
        }
        print("  ended; " + cluster.merchant.notifications() + " notifications received so far");
    }

    /** Prints each change of the servers' {@code /ready}. */
    private void watchReadiness(RungServer server) {
        String before = "";
        while (!ended) {
            String now = cluster.readiness(server);
            if (!now.equals(before)) {
                print("  /ready of " + server + ": " + now);
                before = now;
            }
            LocalProcess.pause(Duration.ofMillis(500));
        }
    }

    private void print(String what) {
        out.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + what);
        out.flush();
    }

    private Verdict judge(Map<String, Long> accepted) throws IOException, InterruptedException {
        ended = true;
        print("no more faults; waiting for pending deliveries");
        long deadline = System.nanoTime() + SETTLE.toNanos();
        while (accepted.keySet().stream().anyMatch(id -> !cluster.merchant.hasAcknowledged(id))
                && System.nanoTime() < deadline) {
            LocalProcess.pause(Duration.ofMillis(500));
        }
        LocalProcess.pause(CALM); // for requests that should not happen
        Verdict verdict = new Verdict(windows, serverWindows);
        try (ExecutorService few = Executors.newFixedThreadPool(LOOKS_AT_ONCE)) {
            List<Future<Runnable>> looks = new ArrayList<>();
            for (String id : accepted.keySet()) {
                looks.add(few.submit(() -> {
                    JsonNode record = cluster.notification(id);
                    return () -> verdict.look(id, cluster.merchant.of(id), record);
                }));
            }
            for (Future<Runnable> look : looks) {
                look.get().run();
            }
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IOException("reading the recorded attempts failed", e);
        }
        print("re-armed and stalled: " + cluster.metrics("rung_rearmed") + " " + cluster.metrics("rung_queue_stall"));
        return verdict;
    }
}
