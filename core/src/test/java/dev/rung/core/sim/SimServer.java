package dev.rung.core.sim;

import dev.rung.core.flow.Engine;
import dev.rung.core.flow.EngineLimits;
import dev.rung.core.flow.EngineRuntime;
import dev.rung.core.flow.EngineWithoutSweeper;
import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Wake;
import dev.rung.core.port.ClusterStore;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.Sender;
import dev.rung.core.port.StoreException;
import dev.rung.core.port.Timer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A server: it starts, works, is killed at any step, and starts again. */
final class SimServer {
    private static final int RESTART_MILLIS = 20_000;
    /** Frequent calls, at which the process does not die, so that more crashes hit interesting steps. */
    private static final Set<String> IDLE =
            Set.of("queued", "bulkheadsHolding", "promoteDeferred", "changedSince", "version");

    private final Simulation world;
    private final VirtualTimeLoop loop;
    private final int number;
    private int runs;
    private ServerRun run;
    private @Nullable Engine engine;
    private @Nullable SimWakeQueue queue;
    private boolean clean = true;

    SimServer(Simulation world, int number) {
        this.world = world;
        this.loop = world.loop;
        this.number = number;
        this.run = new ServerRun(number, 0, world.checker::defect);
        run.die(loop.now());
    }

    ServerRun run() {
        return run;
    }

    /** Null while it is down. */
    @Nullable Engine engine() {
        return run.isAlive() ? engine : null;
    }

    void start() {
        run = new ServerRun(number, ++runs, world.checker::defect);
        long lastId;
        try {
            lastId = world.store.lastId();
        } catch (StoreException e) {
            run.die(loop.now());
            loop.after(1_000, this::start);
            return;
        }
        world.checker.started(run);
        loop.after(0, run.task(() -> begin(lastId)));
    }

    private void begin(long lastId) {
        NotificationStore store = guarded(NotificationStore.class, world.store);
        SimBroker broker = world.scenario.shared() ? world.broker : ownBroker();
        queue = new SimWakeQueue(this, broker, world);
        SimulationExtension.Process process = process();
        EngineRuntime runtime = new EngineRuntime(timer(), () -> Instant.ofEpochMilli(loop.now()), executor());
        Ids ids = new Ids(() -> Instant.ofEpochMilli(loop.now()), loop.random(), lastId);
        EngineLimits limits = new EngineLimits(
                world.scenario.maxInFlight(), 1_000, 1 << 20, world.scenario.shared() ? 1 + loop.upTo(3) : 1);
        MerchantCache merchants = new MerchantCache(guarded(MerchantStore.class, world.merchants));
        merchants.start();
        engine = new Engine(
                store,
                merchants,
                guarded(ClusterStore.class, world.cluster),
                queue,
                runtime,
                ids,
                limits,
                event -> world.checker.event(run, event));
        Sender sender = world.extension.begin(process, engine, runtime, ids, world.sender.of(this));
        if (world.scenario.sweeping()) {
            engine.start(sender);
        } else {
            EngineWithoutSweeper.start(engine, sender);
        }
        world.checker.watch(run, engine);
    }

    /** This run of the server, as an extension sees it. */
    private SimulationExtension.Process process() {
        ServerRun mine = run;
        return new SimulationExtension.Process() {
            @Override
            public boolean isAlive() {
                return mine.isAlive();
            }

            @Override
            public Runnable task(Runnable task) {
                return mine.task(task);
            }

            @Override
            public void step() {
                mine.check();
                maybeCrash(mine);
            }

            @Override
            public <T> T guarded(Class<T> port, T plain) {
                return SimServer.this.guarded(port, plain);
            }

            @Override
            public Sender observed(Sender sender) {
                return world.sender.observed(mine, sender);
            }
        };
    }

    /** An in-process queue: it starts with the wakes in the store, and ends with the process. */
    private SimBroker ownBroker() {
        SimBroker broker = new SimBroker(loop, world.rates, world.checker);
        long now = loop.now();
        for (Wake wake : world.catalog.queued()) {
            broker.keep(wake, !clean && wake.dueAt() <= now, 0);
        }
        return broker;
    }

    private Timer timer() {
        ServerRun mine = run;
        return (delay, task) -> {
            mine.check();
            boolean[] cancelled = new boolean[1];
            loop.after(delay.toMillis() + (loop.chance(0.05) ? loop.upTo(20) : 0), () -> {
                if (!cancelled[0]) {
                    mine.task(task).run();
                }
            });
            return () -> cancelled[0] = true;
        };
    }

    private Executor executor() {
        ServerRun mine = run;
        return task -> {
            mine.check();
            loop.after(loop.chance(0.1) ? loop.upTo(4) : 0, mine.task(task));
        };
    }

    /** The port as this process sees it: calls take time, and the process may die before a call or after it. */
    private <T> T guarded(Class<T> port, T world) {
        ServerRun mine = run;
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(),
                new Class<?>[] {port},
                (proxy, method, args) -> call(mine, world, method, args)));
    }

    private @Nullable Object call(ServerRun mine, Object port, Method method, Object @Nullable [] args)
            throws Throwable {
        boolean idle = IDLE.contains(method.getName());
        mine.check();
        if (args != null) {
            world.checker.asked(method.getName(), args);
        }
        delay(mine);
        if (!idle) {
            maybeCrash(mine);
        }
        try {
            Object answer = method.invoke(port, args);
            observe(mine, answer);
            delay(mine);
            if (!idle) {
                maybeCrash(mine);
            }
            return answer;
        } catch (InvocationTargetException e) {
            delay(mine);
            throw e.getCause();
        }
    }

    private void observe(ServerRun mine, @Nullable Object answer) {
        if (answer instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof Delivery delivery) {
                    world.checker.looked(mine, delivery);
                }
            }
        }
    }

    private void delay(ServerRun mine) {
        if (loop.chance(world.rates.storeSlow)) {
            loop.sleep(loop.upTo(world.rates.storeSlowMillis));
            mine.check();
        }
    }

    /** A point at which the process may die: before and after the effect of every call of a port. */
    void step() {
        run.check();
        maybeCrash(run);
    }

    private void maybeCrash(ServerRun mine) {
        if (loop.chance(world.rates.crash)) {
            kill();
        }
        mine.check();
    }

    /** Kills the process and restarts it after a while. */
    void kill() {
        if (!run.isAlive()) {
            return;
        }
        clean = false;
        end();
    }

    private void end() {
        run.die(loop.now());
        world.checker.died(run);
        if (queue != null) {
            queue.cut();
        }
        engine = null;
        loop.after(1 + loop.upTo(RESTART_MILLIS), this::start);
    }

    /** Shuts the process down in order: no new attempts, those in flight end and settle. */
    void stop() {
        Engine running = engine();
        if (running == null) {
            return;
        }
        ServerRun mine = run;
        loop.after(0, mine.task(() -> awaitDrained(mine, running, 10)));
    }

    private void awaitDrained(ServerRun mine, Engine running, int seconds) {
        boolean drained = running.drain(Duration.ZERO);
        if (drained || seconds == 0) {
            clean = drained && !(queue != null && queue.mayHoldDoubt());
            end();
        } else {
            loop.after(1_000, mine.task(() -> awaitDrained(mine, running, seconds - 1)));
        }
    }

    void cutConnection() {
        if (queue != null) {
            queue.cut();
        }
    }
}
