package dev.rung.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/find-jdk.sh}, with fake JDKs: folders with a {@code release} file and programs that do nothing. */
class FindJdkTest {
    private static final Path SCRIPT =
            Path.of("../scripts/find-jdk.sh").toAbsolutePath().normalize();

    /** Newer than any real JDK, so that only the fake ones are found. */
    private static final int NEEDED = 90;

    @TempDir
    Path root;

    private Path home;

    @BeforeEach
    void anEmptyHome() throws IOException {
        home = Files.createDirectory(root.resolve("home"));
    }

    @Test
    void javaHomeIsTakenWhenItIsNewEnough() throws Exception {
        Path named = jdk("named", "90.0.1");
        jdk("home/.jdks/other", "90.0.1");

        assertThat(found(Map.of("JAVA_HOME", named.toString()))).isEqualTo(named.toString());
    }

    @Test
    void anOldJavaHomeIsPassedOver() throws Exception {
        Path old = jdk("old", "17.0.15");
        Path installed = jdk("home/.sdkman/candidates/java/90-tem", "90");

        assertThat(found(Map.of("JAVA_HOME", old.toString()))).isEqualTo(installed.toString());
    }

    @Test
    void aJavaHomeThatIsNotThereIsPassedOver() throws Exception {
        Path installed = jdk("home/.jdks/a", "90");

        assertThat(found(Map.of("JAVA_HOME", root.resolve("gone").toString()))).isEqualTo(installed.toString());
    }

    @Test
    void aVersionedJavaHomeComesBeforeTheFolders() throws Exception {
        Path versioned = jdk("versioned", "90.0.2");
        jdk("home/.jdks/other", "90");

        assertThat(found(Map.of("JAVA_HOME_90_X64", versioned.toString()))).isEqualTo(versioned.toString());
    }

    @Test
    void theJavaOnThePathIsTakenThroughItsLinks() throws Exception {
        Path onPath = jdk("on-path", "91");
        Path links = Files.createDirectory(root.resolve("links"));
        Files.createSymbolicLink(links.resolve("java"), onPath.resolve("bin/java"));

        assertThat(found(Map.of("PATH", links + ":" + System.getenv("PATH")))).isEqualTo(onPath.toString());
    }

    @Test
    void ofSeveralInstalledTheOldestThatFitsIsTaken() throws Exception {
        jdk("home/.jdks/a", "92");
        Path oldest = jdk("home/.jdks/b", "90");
        jdk("home/.jdks/c", "89");

        assertThat(found(Map.of())).isEqualTo(oldest.toString());
    }

    @Test
    void aRunTimeWithoutACompilerIsEnoughToRunAndNotToBuild() throws Exception {
        Path runTime = jdk("home/.jdks/a", "90");
        Files.delete(runTime.resolve("bin/javac"));

        assertThat(run(Map.of(), "java")).isEqualTo(new Said(0, runTime + "\n"));
        assertThat(run(Map.of(), "javac").status()).isEqualTo(1);
    }

    @Test
    void aJdkWithoutAReleaseFileIsAskedForItsVersion() throws Exception {
        Path silent = jdk("home/.jdks/a", "90");
        Files.delete(silent.resolve("release"));
        script(silent.resolve("bin/java"), "echo 'openjdk version \"90.0.1\" 2099-01-01' >&2");

        assertThat(found(Map.of())).isEqualTo(silent.toString());
    }

    @Test
    void whereThereIsNoneItSaysWhatToInstall() throws Exception {
        jdk("home/.jdks/a", "89.0.4");

        Said said = run(Map.of(), "javac");

        assertThat(said.status()).isEqualTo(1);
        assertThat(said.text()).contains("needs a JDK, version 90 or newer").contains("JAVA_HOME");
    }

    private record Said(int status, String text) {}

    private String found(Map<String, String> environment) throws Exception {
        Said said = run(environment, "javac");
        assertThat(said.status()).as(said.text()).isZero();
        return said.text().strip();
    }

    private Said run(Map<String, String> environment, String need) throws Exception {
        String lines = ". '" + SCRIPT + "'; jdk_version_min=" + NEEDED + "; find_jdk " + need
                + " || exit 1; echo \"$JAVA_HOME\"";
        ProcessBuilder shell = new ProcessBuilder("sh", "-euf", "-c", lines).redirectErrorStream(true);
        shell.environment().keySet().removeIf(name -> name.startsWith("JAVA_HOME") || name.equals("SDKMAN_DIR"));
        shell.environment().put("HOME", home.toString());
        shell.environment().putAll(environment);
        Process process = shell.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Said(process.exitValue(), text);
    }

    private Path jdk(String folder, String version) throws IOException {
        Path jdk = root.resolve(folder);
        Files.createDirectories(jdk.resolve("bin"));
        script(jdk.resolve("bin/java"), "exit 1");
        script(jdk.resolve("bin/javac"), "exit 1");
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"Anyone\"\nJAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }

    private static void script(Path file, String line) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
