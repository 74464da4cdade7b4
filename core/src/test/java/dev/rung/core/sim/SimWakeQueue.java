package dev.rung.core.sim;

import dev.rung.core.model.Wake;
import dev.rung.core.port.WakeQueue;
import dev.rung.core.sim.SimBroker.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One process's connection to a broker. */
final class SimWakeQueue implements WakeQueue {
    private static final int RECONNECT_MILLIS = 4_000;

    private final SimServer server;
    private final ServerRun run;
    private final VirtualTimeLoop loop;
    private final FaultRates rates;
    private final SimBroker broker;
    private final boolean shared;
    private final int prefetch;
    private final List<Message> unacknowledged = new ArrayList<>();
    private @Nullable Listener listener;
    private boolean paused;
    private boolean connected;
    private int connection;

    SimWakeQueue(SimServer server, SimBroker broker, Simulation world) {
        this.server = server;
        this.run = server.run();
        this.loop = world.loop;
        this.rates = world.rates;
        this.broker = broker;
        this.shared = world.scenario.shared();
        this.prefetch = world.scenario.prefetch();
    }

    ServerRun run() {
        return run;
    }

    private Listener listener() {
        return Objects.requireNonNull(listener);
    }

    @Override
    public void start(Listener listener) {
        this.listener = listener;
        connect();
    }

    private void connect() {
        if (!run.isAlive()) {
            return;
        }
        if (broker.isUp()) {
            connected = true;
            broker.connect(this);
        } else {
            loop.after(1 + loop.upTo(1_000), this::connect);
        }
    }

    /** Breaks the connection; it is opened again after a while if the process runs. */
    void cut() {
        if (!connected) {
            return;
        }
        connected = false;
        connection++;
        List<Message> back = List.copyOf(unacknowledged);
        unacknowledged.clear();
        broker.disconnect(this, back);
        if (run.isAlive()) {
            loop.after(1 + loop.upTo(RECONNECT_MILLIS), this::connect);
        }
    }

    /** Whether unacknowledged wakes may repeat an attempt. */
    boolean mayHoldDoubt() {
        return broker.mayHoldDoubt() || unacknowledged.stream().anyMatch(message -> message.redelivered);
    }

    boolean hasRoom() {
        return connected && !paused && unacknowledged.size() < prefetch;
    }

    void deliver(Message message) {
        unacknowledged.add(message);
        WakeMessage delivery = new WakeMessage(message.wake, message.redelivered, new SimReceipt(message));
        loop.after(loop.upTo(2), run.task(() -> listener().due(List.of(delivery))));
    }

    void tellLost(Wake wake) {
        loop.after(loop.upTo(5), run.task(() -> listener().lost(List.of(wake))));
    }

    /** Receives whether all wakes were re-armed. */
    void tellForgotten(Consumer<Boolean> end) {
        loop.after(
                0,
                run.task(() -> listener()
                        .forgotten()
                        .whenComplete((all, failure) ->
                                run.task(() -> end.accept(failure == null)).run())));
    }

    private final class SimReceipt implements Receipt {
        private final Message message;
        private final int madeOn = connection;
        private boolean ended;

        SimReceipt(Message message) {
            this.message = message;
        }

        @Override
        public void acknowledge() {
            end(false);
        }

        @Override
        public void handBack() {
            end(true);
        }

        @Override
        public boolean isOpen() {
            run.check();
            return !ended && madeOn == connection;
        }

        private void end(boolean back) {
            server.step();
            if (ended || madeOn != connection || !unacknowledged.remove(message)) {
                ended = true;
                return;
            }
            ended = true;
            if (back) {
                broker.unpark(message);
            }
            loop.after(0, broker::dispatch);
            server.step();
        }
    }

    @Override
    public CompletionStage<List<Wake>> schedule(List<Wake> wakes) {
        server.step();
        CompletableFuture<List<Wake>> confirmed = new CompletableFuture<>();
        List<Wake> unconfirmed = new ArrayList<>();
        boolean away = !isConnected();
        for (Wake wake : wakes) {
            boolean unconfirm = away || loop.chance(rates.unconfirmed);
            if (unconfirm) {
                unconfirmed.add(wake);
            }
            if (!unconfirm || (!away && loop.chance(0.5))) {
                broker.publish(wake);
            }
        }
        loop.after(away ? loop.upTo(2_000) : 1 + loop.upTo(4), run.task(() -> confirmed.complete(unconfirmed)));
        server.step();
        return confirmed;
    }

    @Override
    public Duration horizon() {
        return shared ? Duration.ofMinutes(15) : Duration.ofDays(3_650);
    }

    @Override
    public CompletionStage<Boolean> probe() {
        server.step();
        if (!isConnected() || paused) {
            return CompletableFuture.completedStage(false);
        }
        int sentOn = connection;
        CompletableFuture<Boolean> back = new CompletableFuture<>();
        broker.probe(ok -> loop.after(0, run.task(() -> back.complete(ok && sentOn == connection))));
        return back;
    }

    @Override
    public boolean mayStillHold(long dueAt) {
        server.step();
        return broker.mayStillHold(dueAt);
    }

    @Override
    public void pause() {
        run.check();
        paused = true;
    }

    @Override
    public void resume() {
        run.check();
        paused = false;
        loop.after(0, broker::dispatch);
    }

    @Override
    public boolean isConnected() {
        return connected && broker.isUp();
    }

    @Override
    public boolean isShared() {
        return shared;
    }

    @Override
    public Map<String, Long> depths() {
        return Map.of("all", broker.size());
    }

    @Override
    public void close() {
        cut();
    }
}
