package dev.rung.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.memory.MemoryMetaStore;
import dev.rung.settings.RawSettings;
import dev.rung.settings.Setting;
import dev.rung.settings.Settings;
import dev.rung.settings.SettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerKeysTest {
    private static final String ONE = Base64.getEncoder().encodeToString(new byte[32]);
    private static final String OTHER = ONE.replace("AAAA", "BBBB");

    @TempDir
    Path folder;

    private final MemoryMetaStore meta = new MemoryMetaStore();

    private ServerKeys keys(Map<String, String> environment) {
        Settings settings = SettingsReader.read(
                RawSettings.gather(Map.of(Setting.DATA_DIR, folder.toString()), environment, folder, null));
        return ServerKeys.of(settings, meta, new SecureRandom());
    }

    @Test
    void theDatabaseIsOpenedUnderTheMasterKeyItWasWrittenUnderOnly() {
        keys(Map.of("RUNG_MASTER_KEY", ONE));
        keys(Map.of("RUNG_MASTER_KEY", ONE));
        assertThatThrownBy(() -> keys(Map.of("RUNG_MASTER_KEY", OTHER)))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("another master key")
                .hasMessageContaining("RUNG_MASTER_KEY")
                .message()
                .doesNotContain(ONE, OTHER);
    }

    @Test
    void keysAreMadeOnceAndForTheirOwnerAlone() throws IOException {
        String operator = keys(Map.of()).operator();
        assertThat(keys(Map.of()).operator()).isEqualTo(operator).startsWith("rung_ok_");
        for (String file : new String[] {"api-key", "master-key"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void noKeyIsPrinted() {
        ServerKeys keys = keys(Map.of("RUNG_API_KEY", "hunter2hunter2hunter2hunter2hunter2", "RUNG_MASTER_KEY", ONE));
        assertThat(keys.toString()).doesNotContain("hunter2", ONE);
    }
}
