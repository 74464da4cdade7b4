package dev.rung.core.sim;

import dev.rung.core.flow.Engine;
import dev.rung.core.flow.EngineLimits;
import dev.rung.core.flow.Unswept;
import dev.rung.core.model.Delivery;
import dev.rung.core.model.Ids;
import dev.rung.core.model.Wake;
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

/** A server: it starts, works, is killed at any step of its work, and starts again. */
final class SimServer {
    private static final int RESTART_MILLIS = 20_000;
    /** What a process does all day long: it dies where there is more at stake. */
    private static final Set<String> IDLE =
            Set.of("queued", "merchantsHolding", "bringNear", "changedSince", "version");

    private final Simulation world;
    private final Loop loop;
    private final int number;
    private int lives;
    private Life life;
    private @Nullable Engine engine;
    private @Nullable SimWakeQueue queue;
    private boolean clean = true;

    SimServer(Simulation world, int number) {
        this.world = world;
        this.loop = world.loop;
        this.number = number;
        this.life = new Life(number, 0, world.witness::defect);
        life.die(loop.now());
    }

    Life life() {
        return life;
    }

    /** Null while it is down. */
    @Nullable Engine engine() {
        return life.isAlive() ? engine : null;
    }

    void start() {
        life = new Life(number, ++lives, world.witness::defect);
        long lastId;
        try {
            lastId = world.store.lastId();
        } catch (StoreException e) {
            life.die(loop.now());
            loop.after(1_000, this::start);
            return;
        }
        world.witness.started(life);
        loop.after(0, life.task(() -> begin(lastId)));
    }

    private void begin(long lastId) {
        NotificationStore store = guarded(NotificationStore.class, world.store);
        SimBroker broker = world.scenario.shared() ? world.broker : ownBroker();
        queue = new SimWakeQueue(this, broker, world);
        Guest.Process process = process();
        Engine.Ports ports = world.guest.moveIn(
                process,
                new Engine.Ports(
                        store,
                        guarded(MerchantStore.class, world.merchants),
                        queue,
                        world.sender.of(this),
                        timer(),
                        () -> Instant.ofEpochMilli(loop.now()),
                        executor(),
                        new Ids(() -> Instant.ofEpochMilli(loop.now()), loop.random(), lastId)));
        EngineLimits limits = new EngineLimits(
                world.scenario.maxInFlight(), 1_000, 1 << 20, world.scenario.shared() ? 1 + loop.upTo(3) : 1);
        engine = new Engine(ports, limits, event -> world.witness.event(life, event));
        world.guest.begin(process, engine);
        if (world.scenario.sweeping()) {
            engine.start();
        } else {
            Unswept.start(engine);
        }
        world.witness.watch(life, engine);
    }

    /** This run of it, as a guest has it. */
    private Guest.Process process() {
        Life mine = life;
        return new Guest.Process() {
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
                dieByChance(mine);
            }

            @Override
            public <T> T guarded(Class<T> port, T plain) {
                return SimServer.this.guarded(port, plain);
            }

            @Override
            public Sender witnessed(Sender sender) {
                return world.sender.witnessed(mine, sender);
            }
        };
    }

    /** A queue in process: it begins with what the store has, and ends with the process. */
    private SimBroker ownBroker() {
        SimBroker broker = new SimBroker(loop, world.weather, world.witness);
        long now = loop.now();
        for (Wake wake : world.catalog.queued()) {
            broker.keep(wake, !clean && wake.dueAt() <= now, 0);
        }
        return broker;
    }

    private Timer timer() {
        Life mine = life;
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
        Life mine = life;
        return task -> {
            mine.check();
            loop.after(loop.chance(0.1) ? loop.upTo(4) : 0, mine.task(task));
        };
    }

    /** The port as this process has it: it takes time, and the process may die before the call or after. */
    private <T> T guarded(Class<T> port, T world) {
        Life mine = life;
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(),
                new Class<?>[] {port},
                (proxy, method, args) -> call(mine, world, method, args)));
    }

    private @Nullable Object call(Life mine, Object port, Method method, Object @Nullable [] args) throws Throwable {
        boolean idle = IDLE.contains(method.getName());
        mine.check();
        if (args != null) {
            world.witness.asked(method.getName(), args);
        }
        delay(mine);
        if (!idle) {
            dieByChance(mine);
        }
        try {
            Object answer = method.invoke(port, args);
            witness(mine, answer);
            delay(mine);
            if (!idle) {
                dieByChance(mine);
            }
            return answer;
        } catch (InvocationTargetException e) {
            delay(mine);
            throw e.getCause();
        }
    }

    private void witness(Life mine, @Nullable Object answer) {
        if (answer instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof Delivery delivery) {
                    world.witness.looked(mine, delivery);
                }
            }
        }
    }

    private void delay(Life mine) {
        if (loop.chance(world.weather.storeSlow)) {
            loop.sleep(loop.upTo(world.weather.storeSlowMillis));
            mine.check();
        }
    }

    /** Where a process may die: every call of a port passes here, before its effect and after. */
    void step() {
        life.check();
        dieByChance(life);
    }

    private void dieByChance(Life mine) {
        if (loop.chance(world.weather.crash)) {
            kill();
        }
        mine.check();
    }

    /** Ends the process at once, and starts it again after a while. */
    void kill() {
        if (!life.isAlive()) {
            return;
        }
        clean = false;
        end();
    }

    private void end() {
        life.die(loop.now());
        world.witness.died(life);
        if (queue != null) {
            queue.cut();
        }
        engine = null;
        loop.after(1 + loop.upTo(RESTART_MILLIS), this::start);
    }

    /** Ends the process in order: no new attempts, those under way end and settle. */
    void stop() {
        Engine running = engine();
        if (running == null) {
            return;
        }
        Life mine = life;
        loop.after(0, mine.task(() -> awaitDrained(mine, running, 10)));
    }

    private void awaitDrained(Life mine, Engine running, int seconds) {
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
