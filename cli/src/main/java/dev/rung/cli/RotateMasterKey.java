package dev.rung.cli;

import dev.rung.core.port.StoreException;
import dev.rung.crypto.MasterKey;
import dev.rung.crypto.MasterKeys;
import dev.rung.settings.DataDir;
import dev.rung.settings.Secret;
import dev.rung.settings.Settings;
import dev.rung.settings.SettingsReader;
import dev.rung.store.spi.Stores;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code rung rotate-master-key}: encrypts every secret with a new master key. */
@Command(
        name = "rotate-master-key",
        header = "Encrypts every secret of a database with a new master key.",
        description = {
            "",
            "Reads the same settings as serve. An embedded server must be stopped; without --new-key-file a key is generated and replaces the one in the data dir.",
            "Servers on a shared database keep running: first restart each with a key file that holds both keys, the new one first; then run"
                    + " this; then restart each with the new key alone. The command fails while a running server does not know the new key.",
            "If it is interrupted, run it again.",
            ""
        },
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rung rotate-master-key",
            "  ./rung rotate-master-key --database-url jdbc:postgresql://db/rung --master-key-file both --new-key-file new"
        })
final class RotateMasterKey implements Callable<Integer> {
    private final Terminal terminal;
    private final SettingsOptions options = new SettingsOptions();

    @Option(
            names = "--new-key-file",
            paramLabel = "FILE",
            order = 1,
            description = "file with the new key: 32 bytes, raw or in base64")
    private @Nullable Path newKeyFile;

    private RotateMasterKey(Terminal terminal) {
        this.terminal = terminal;
    }

    static CommandSpec spec(Terminal terminal) {
        RotateMasterKey command = new RotateMasterKey(terminal);
        CommandSpec spec = CommandSpec.forAnnotatedObject(command);
        command.options.addTo(spec);
        return spec;
    }

    @Override
    public Integer call() {
        Settings settings = SettingsReader.read(options.gather(terminal));
        DataDir dataDir = new DataDir(settings.storage().dataDir());
        Secret given = settings.access().masterKey();
        boolean replacesFile = given == null && newKeyFile == null;
        if (given != null && newKeyFile == null) {
            throw new WrongUsage("--new-key-file is required: the master key does not come from the data dir");
        }
        try {
            MasterKeys known =
                    given == null ? MasterKeys.read(dataDir.masterKey()) : MasterKeys.ofBase64(given.reveal());
            MasterKey next = newKeyFile == null
                    ? null
                    : MasterKeys.read(terminal.workingDirectory().resolve(newKeyFile))
                            .newest();
            try (Stores stores =
                    settings.storage().provider().open(settings.storage().store())) {
                rotate(new KeyRotation(stores, known, next, new SecureRandom()), replacesFile ? dataDir : null);
            }
        } catch (IllegalArgumentException | StoreException e) {
            throw new CommandFailed(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new CommandFailed("the master key file cannot be written: " + e);
        }
        return Commands.DONE;
    }

    private void rotate(KeyRotation rotation, @Nullable DataDir replaced) throws IOException {
        MasterKeys keys = rotation.keys();
        if (replaced != null) {
            // Before any secret is sealed under the new key, both keys are on disk.
            DataDir.writeForOwner(replaced.masterKey(), keys.fileContent());
        }
        int secrets = rotation.run();
        if (replaced != null) {
            DataDir.writeForOwner(
                    replaced.masterKey(), MasterKeys.of(keys.newest()).fileContent());
        }
        terminal.out()
                .println(secrets + " secrets are encrypted with the new key, whose fingerprint is "
                        + keys.newest().fingerprint());
        terminal.out()
                .println(
                        replaced != null
                                ? replaced.masterKey() + " contains the new key. Delete every copy of the old one."
                                : "Start servers with the new key alone: --master-key-file " + newKeyFile);
    }
}
