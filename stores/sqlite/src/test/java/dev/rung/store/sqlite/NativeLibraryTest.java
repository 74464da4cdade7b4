package dev.rung.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.core.port.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NativeLibraryTest {
    private static final List<Path> FOLDERS = List.of(Path.of("/data/tmp"), Path.of("/tmp"));

    private final @Nullable String before = System.getProperty(NativeLibrary.PLACE);
    private final List<@Nullable String> tried = new ArrayList<>();

    @BeforeEach
    void start() {
        System.clearProperty(NativeLibrary.PLACE);
    }

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(NativeLibrary.PLACE);
        } else {
            System.setProperty(NativeLibrary.PLACE, before);
        }
    }

    private void loadsFrom(String permitted) throws Exception {
        String folder = System.getProperty(NativeLibrary.PLACE);
        tried.add(folder);
        if (!permitted.equals(folder)) {
            throw new Exception("failed to map segment from shared object");
        }
    }

    @Test
    void theFirstFolderIsPreferred() {
        NativeLibrary.load(FOLDERS, () -> loadsFrom("/data/tmp"));
        assertThat(tried).containsExactly("/data/tmp");
    }

    @Test
    void aFolderThatForbidsExecutionIsReplacedByTheNext() {
        NativeLibrary.load(FOLDERS, () -> loadsFrom("/tmp"));
        assertThat(tried).containsExactly("/data/tmp", "/tmp");
    }

    @Test
    void withoutAnyTheFoldersAndTheSettingAreNamed() {
        assertThatThrownBy(() -> NativeLibrary.load(FOLDERS, () -> loadsFrom("/elsewhere")))
                .isInstanceOf(StoreException.class)
                .hasMessage("SQLite's native library cannot be loaded from /data/tmp or /tmp: the folder must be"
                        + " writable and not be mounted noexec. Name another one with"
                        + " JDK_JAVA_OPTIONS=-Dorg.sqlite.tmpdir=FOLDER");
        assertThat(System.getProperty(NativeLibrary.PLACE)).isNull();
    }
}
