package dev.rung.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.docs.Documents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/release.sh}, which itself compares two builds and starts the tarball. */
class ReleaseIT {

    private static String release(Path folder, int exitCode, String... arguments) throws Exception {
        Path log = folder.resolve("log");
        String[] command = new String[arguments.length + 1];
        command[0] = Documents.file("scripts/release.sh").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(exitCode);
        return Files.readString(log);
    }

    @Test
    void aVersionIsRequired(@TempDir Path folder) throws Exception {
        assertThat(release(folder, 2)).contains("usage:");
        assertThat(release(folder, 2, "--dry-run", "latest")).contains("usage:");
    }

    /** Needs a checkout without changes. */
    @Test
    @Tag("extended")
    void aDryRunBuildsEverythingTwiceWithTheSameBytesAndTagsNothing(@TempDir Path folder) throws Exception {
        assertThat(release(folder, 0, "--dry-run", "0.1.0")).contains("Nothing was tagged");

        Path artefacts = Documents.file("target/release/0.1.0");
        assertThat(Files.readString(artefacts.resolve("SHA256SUMS")))
                .contains("rung.jar", "rung-0.1.0-linux-", "rung-client-0.1.0-sources.jar", "THIRD-PARTY.txt");
        assertThat(Files.readString(artefacts.resolve("NOTES.md"))).startsWith("## 0.1.0 - ");
        assertThat(Files.readString(artefacts.resolve("rung-0.1.0.cdx.json"))).contains("\"CycloneDX\"");
    }
}
