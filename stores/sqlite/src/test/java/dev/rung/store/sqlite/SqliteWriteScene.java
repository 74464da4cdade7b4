package dev.rung.store.sqlite;

import dev.rung.core.model.Attempt;
import dev.rung.core.model.Ids;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NewNotification;
import dev.rung.core.model.NextStep;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Outcome;
import dev.rung.core.model.Settlement;
import dev.rung.core.model.Wake;
import dev.rung.core.model.WakeLocation;
import dev.rung.core.port.NotificationStore;
import dev.rung.core.port.Sample;
import dev.rung.core.port.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A process that does nothing but write, and says what the store has answered for, until it is killed or refused. */
final class SqliteWriteScene {
    private static final int BATCH = 50;

    private SqliteWriteScene() {}

    public static void main(String[] arguments) {
        SqliteStores stores = SqliteStores.open(Path.of(arguments[0]), InstantSource.system());
        NotificationStore store = stores.notifications();
        Ids ids = new Ids(InstantSource.system(), new Random(1), store.lastId());
        try {
            while (true) {
                List<Wake> accepted = accept(store, ids);
                say("accepted", accepted);
                List<Wake> half = accepted.subList(0, BATCH / 2);
                store.settle(half.stream().map(w -> delivered(w, ids.next())).toList());
                say("settled", half);
            }
        } catch (StoreException e) {
            System.out.println("refused " + e.getMessage());
            System.out.flush();
            stores.close();
        }
    }

    static List<Wake> accept(NotificationStore store, Ids ids) {
        List<NewNotification> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            batch.add(Sample.of(new MerchantId(2_001 + i % 3))
                    .payload(new byte[1024])
                    .build(new NotificationId(ids.next())));
        }
        store.accept(batch);
        return batch.stream().map(n -> new Wake(n.id(), 1, n.dueAt())).toList();
    }

    static Settlement delivered(Wake wake, long attemptId) {
        Attempt attempt = new Attempt(
                attemptId,
                1,
                wake.dueAt(),
                wake.dueAt(),
                3,
                Outcome.ACKNOWLEDGED,
                new Attempt.Answer(200, "", Sample.bytes("success")),
                null,
                false,
                false,
                null);
        return new Settlement(wake, attempt, new NextStep.Delivered(), WakeLocation.QUEUED, null, wake.dueAt() + 3);
    }

    private static void say(String what, List<Wake> wakes) {
        StringBuilder lines = new StringBuilder();
        for (Wake wake : wakes) {
            lines.append(what).append(' ').append(wake.id().value()).append('\n');
        }
        System.out.print(lines);
        System.out.flush();
    }

    /** Starts one on this directory; {@code limits} are the shell's, to be set before. */
    static Process start(Path directory, String limits) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        limits + " exec \"$0\" \"$@\"",
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx128m",
                        "-cp",
                        classPath,
                        SqliteWriteScene.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
