package dev.rung.bench;

import dev.rung.cli.CommandProvider;
import dev.rung.core.model.Durations;
import dev.rung.core.port.MerchantStore;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.WakeQueue;
import dev.rung.queue.local.LocalWakeQueue;
import dev.rung.queue.rabbitmq.RabbitSettings;
import dev.rung.queue.rabbitmq.RabbitWakeQueue;
import dev.rung.store.spi.StoreProvider;
import dev.rung.store.spi.Stores;
import dev.rung.store.sqlite.SqliteStores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rung bench-bare}: the bare pipeline, run by {@code rung bench}; prints one number. */
@Command(name = "bench-bare", hidden = true, description = "The bare pipeline, for comparison in rung bench.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class BareCommand implements Callable<Integer> {
    /** Adds the command to {@code rung}. */
    public static final class Provider implements CommandProvider {
        @Override
        public Object command() {
            return new BareCommand();
        }
    }

    private static final int PREFETCH = 2_048;
    /** The same number of lanes as the server uses with PostgreSQL. */
    private static final int CLUSTER_LANES = 2;

    @Spec
    private CommandSpec spec;

    @Option(names = "--target", required = true)
    private URI target;

    @Option(names = "--warm-up", required = true)
    private String warmUp;

    @Option(names = "--window", required = true)
    private String window;

    @Option(names = "--data-dir", description = "For the embedded store. Without it, the next two are required.")
    private @Nullable Path dataDir;

    @Option(names = "--database-url", defaultValue = "")
    private String databaseUrl;

    @Option(names = "--rabbitmq-uri", defaultValue = "")
    private String rabbitmqUri;

    @Override
    public Integer call() throws IOException {
        double rate = dataDir == null ? cluster() : embedded(dataDir);
        spec.commandLine().getOut().println(rate);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private double embedded(Path directory) throws IOException {
        InstantSource clock = InstantSource.system();
        try (SqliteStores stores = SqliteStores.open(directory, clock);
                WakeQueue queue = new LocalWakeQueue(stores.notifications()::queued, clock, PREFETCH, false)) {
            return run(stores.notifications(), stores.merchants(), queue, 1);
        }
    }

    private double cluster() throws IOException {
        Map<String, String> environment = System.getenv();
        StoreProvider.Config config = new StoreProvider.Config(
                Path.of(""),
                databaseUrl,
                environment.get("RUNG_DATABASE_USER"),
                environment.get("RUNG_DATABASE_PASSWORD"));
        try (Stores stores = StoreProvider.forUrl(databaseUrl).orElseThrow().open(config);
                WakeQueue queue = RabbitWakeQueue.open(
                        RabbitSettings.of(rabbitmqUri).withPrefetch(PREFETCH), stores.meta(), InstantSource.system())) {
            return run(stores.notifications(), stores.merchants(), queue, CLUSTER_LANES);
        }
    }

    private double run(NotificationStore store, MerchantStore merchants, WakeQueue queue, int lanes)
            throws IOException {
        Duration warm = Durations.parse(warmUp);
        return new BarePipeline(store, merchants, queue, target, lanes).run(warm, Durations.parse(window));
    }
}
