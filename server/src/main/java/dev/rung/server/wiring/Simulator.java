package dev.rung.server.wiring;

import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.simulator.SimulatedBank;
import dev.rung.channel.simulator.SimulatorChannel;
import dev.rung.channel.simulator.SimulatorKeys;
import dev.rung.core.port.MetaStore;
import dev.rung.crypto.Vault;
import dev.rung.store.spi.Stores;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/** The channel {@code simulator} and its bank, in one process. The bank acts while the server runs. */
final class Simulator implements SmartLifecycle, AutoCloseable {
    private static final String META_KEY = "simulator_keys_p256";

    private final GatewayClient client;
    private final SimulatorChannel channel;
    private final SimulatedBank bank;
    private volatile boolean running;

    /**
     * @param client reaches this very server, whatever its certificate says of it
     */
    Simulator(
            Stores stores,
            ServerKeys keys,
            PublicUrl publicUrl,
            GatewayClient client,
            InstantSource clock,
            SecureRandom random) {
        this.client = client;
        SimulatorKeys pairs = keys(stores.meta(), new Vault(keys.master(), random));
        this.channel = new SimulatorChannel(
                publicUrl::listening, () -> publicUrl.callbacks(SimulatorChannel.NAME), pairs, client, clock, random);
        this.bank = new SimulatedBank(stores.bankLedger(), publicUrl, pairs, client, clock, random);
    }

    /** The same for all servers of a database, and after every restart. */
    private static SimulatorKeys keys(MetaStore meta, Vault vault) {
        if (meta.get(META_KEY).isEmpty()) {
            byte[] fresh = SimulatorKeys.generate().toText().getBytes(StandardCharsets.US_ASCII);
            meta.putIfAbsent(META_KEY, Base64.getEncoder().encodeToString(vault.seal(META_KEY, fresh)));
        }
        byte[] sealed = Base64.getDecoder().decode(meta.get(META_KEY).orElseThrow());
        return SimulatorKeys.ofText(new String(vault.open(META_KEY, sealed), StandardCharsets.US_ASCII));
    }

    SimulatorChannel channel() {
        return channel;
    }

    SimulatedBank bank() {
        return bank;
    }

    @Override
    public void start() {
        bank.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        bank.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After the API and the engine, and until before them: its callbacks go there. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1;
    }

    @Override
    public void close() {
        client.close();
    }
}
