package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.client.MerchantFields;
import dev.rung.client.NewNotification;
import dev.rung.client.NotificationState;
import dev.rung.client.RungClient;
import dev.rung.server.fixture.RungProcess;
import dev.rung.server.fixture.TestMerchant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup taken while a server accepts notifications, restored beside it after the first is killed. */
class BackupIT {
    private static RungProcess serve(Path folder, Path data) {
        return new RungProcess(folder, Map.of(), "--data-dir", data.toString(), "--allow-targets", "127.0.0.0/8");
    }

    private static RungClient client(RungProcess server, Path data) throws IOException {
        return new RungClient(server.ready(), Files.readString(data.resolve("api-key")));
    }

    @Test
    void everythingThatWasAcceptedBeforeTheBackupIsDeliveredFromIt(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("rung-data");
        Path restored = folder.resolve("restored");
        Cli cli = new Cli(folder);
        List<String> before = new ArrayList<>();
        try (TestMerchant shop = new TestMerchant()) {
            try (RungProcess first = serve(folder, data)) {
                RungClient rung = client(first, data);
                String merchant = rung.createMerchant(
                                MerchantFields.named("Tea House").withNotifyUrl(shop.url()))
                        .id();
                for (int i = 0; i < 50; i++) {
                    before.add(rung.send(NewNotification.to(merchant, "" + i)
                                    .withDeliverAt(Instant.now().plusSeconds(3_600)))
                            .notification()
                            .id());
                }
                AtomicBoolean enough = new AtomicBoolean();
                CompletableFuture<Void> traffic = CompletableFuture.runAsync(() -> {
                    while (!enough.get()) {
                        rung.send(NewNotification.to(merchant, "\"traffic\""));
                    }
                });
                Cli.Run backup = cli.run("backup", "--to", "backup.zip");
                enough.set(true);
                traffic.join();
                assertThat(backup.code()).as(backup.err()).isZero();
                first.kill();
            }
            assertThat(cli.run("restore", "--from", "backup.zip", "--data-dir", "restored")
                            .code())
                    .isZero();
            try (RungProcess second = serve(folder, restored)) {
                RungClient rung = client(second, restored);
                assertThat(before)
                        .allSatisfy(
                                id -> assertThat(rung.notification(id).state()).isEqualTo(NotificationState.WAITING));
                rung.resend(before.getFirst());
                await().until(() -> rung.notification(before.getFirst()).state() == NotificationState.DELIVERED);
            }
        }
    }
}
