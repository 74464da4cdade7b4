package dev.rung.core.sim;

import dev.rung.core.model.Wake;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A broker that loses, repeats, delays and reorders wakes, becomes unreachable and is wiped. */
final class SimBroker {
    private static final int LATE_MILLIS = 90_000;
    private static final int REPEAT_MILLIS = 8_000;
    private static final int PROBE_PATIENCE_MILLIS = 10_000;

    private final VirtualTimeLoop loop;
    private final FaultRates rates;
    private final InvariantChecker checker;
    private final List<Message> travelling = new ArrayList<>();
    private final List<Message> ready = new ArrayList<>();
    private final List<SimWakeQueue> consumers = new ArrayList<>();
    private final List<Probe> probes = new ArrayList<>();
    private long arrivals;
    private int wipes;
    private boolean up = true;
    /** It was wiped, and its wakes have not been re-armed yet. */
    private boolean owing;

    private @Nullable ServerRun rearming;

    /** A wake in the broker. */
    static final class Message {
        final Wake wake;
        boolean redelivered;
        long arrival;

        Message(Wake wake, boolean redelivered) {
            this.wake = wake;
            this.redelivered = redelivered;
        }
    }

    private record Probe(long arrival, Consumer<Boolean> back) {}

    SimBroker(VirtualTimeLoop loop, FaultRates rates, InvariantChecker checker) {
        this.loop = loop;
        this.rates = rates;
        this.checker = checker;
    }

    boolean isUp() {
        return up;
    }

    void connect(SimWakeQueue consumer) {
        consumers.add(consumer);
        dispatch();
    }

    void disconnect(SimWakeQueue consumer, List<Message> unacknowledged) {
        consumers.remove(consumer);
        for (Message message : unacknowledged) {
            message.redelivered = true;
            startWorld(message);
        }
    }

    /** Accepts a wake, and loses, repeats or delays it. */
    void publish(Wake wake) {
        if (loop.chance(rates.lose)) {
            checker.lost(wake);
            return;
        }
        keep(wake, false, loop.chance(rates.late) ? loop.upTo(LATE_MILLIS) : loop.upTo(3));
        if (loop.chance(rates.repeat)) {
            checker.repeated(wake);
            keep(wake, false, loop.upTo(REPEAT_MILLIS));
        }
    }

    void keep(Wake wake, boolean redelivered, long late) {
        Message message = new Message(wake, redelivered);
        travelling.add(message);
        int wipe = wipes;
        loop.at(Math.max(loop.now(), wake.dueAt()) + late, () -> {
            if (wipe != wipes) {
                return;
            }
            travelling.remove(message);
            if (loop.chance(rates.unroutable) && tellLost(wake)) {
                return;
            }
            startWorld(message);
        });
    }

    private boolean tellLost(Wake wake) {
        if (!up || consumers.isEmpty()) {
            return false;
        }
        checker.unrouted(wake);
        consumers.get(loop.upTo(consumers.size())).tellLost(wake);
        return true;
    }

    private void startWorld(Message message) {
        message.arrival = arrivals++;
        ready.add(message);
        dispatch();
    }

    /** A consumer returns a wake unprocessed. */
    void unpark(Message message) {
        startWorld(message);
    }

    /** Delivers ready wakes to consumers with free prefetch. */
    void dispatch() {
        while (up && !ready.isEmpty()) {
            List<SimWakeQueue> free =
                    consumers.stream().filter(SimWakeQueue::hasRoom).toList();
            if (free.isEmpty()) {
                break;
            }
            Message message = ready.remove(loop.chance(rates.reorder) ? loop.upTo(ready.size()) : 0);
            free.get(loop.upTo(free.size())).deliver(message);
        }
        answerProbes();
    }

    private void answerProbes() {
        if (!up) {
            return;
        }
        for (Probe probe : List.copyOf(probes)) {
            if (ready.stream().noneMatch(m -> m.arrival < probe.arrival())) {
                probes.remove(probe);
                probe.back().accept(true);
            }
        }
    }

    /** Answers at least once; the first answer counts. */
    void probe(Consumer<Boolean> back) {
        if (up && !loop.chance(rates.probeLost)) {
            Probe probe = new Probe(arrivals++, back);
            loop.after(1 + loop.upTo(4), () -> {
                probes.add(probe);
                answerProbes();
            });
        }
        loop.after(PROBE_PATIENCE_MILLIS, () -> back.accept(false));
    }

    boolean mayStillHold(long dueAt) {
        return travelling.stream().anyMatch(m -> m.wake.dueAt() <= dueAt);
    }

    boolean mayHoldDoubt() {
        return Stream.concat(travelling.stream(), ready.stream()).anyMatch(message -> message.redelivered);
    }

    long size() {
        return (long) travelling.size() + ready.size();
    }

    void goDown() {
        up = false;
        probes.clear();
        List.copyOf(consumers).forEach(SimWakeQueue::cut);
    }

    void comeUp() {
        up = true;
        dispatch();
    }

    /** Deletes all wakes; the broker knows only that it was wiped. */
    void wipe() {
        wipes++;
        travelling.clear();
        ready.clear();
        probes.clear();
        List.copyOf(consumers).forEach(SimWakeQueue::cut);
        travelling.clear();
        ready.clear();
        owing = true;
        rearming = null;
    }

    /** Schedules the moment at which a connected server notices the wipe. */
    void noticeWipes() {
        loop.after(1_000, this::noticeWipes);
        if (!up || !owing || consumers.isEmpty() || (rearming != null && rearming.isAlive())) {
            return;
        }
        int wipe = wipes;
        SimWakeQueue consumer = consumers.get(loop.upTo(consumers.size()));
        rearming = consumer.run();
        consumer.tellForgotten(all -> {
            if (wipe == wipes) {
                owing = !all;
                rearming = null;
            }
        });
    }
}
