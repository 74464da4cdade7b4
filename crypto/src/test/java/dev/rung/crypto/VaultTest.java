package dev.rung.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
    private static final String OTHER_KEY =
            Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes(UTF_8));

    @TempDir
    Path dir;

    private final Vault vault = new Vault(MasterKey.ofBase64(KEY), RANDOM);

    @Test
    void whatIsSealedOpensAgainForTheSameOwner() {
        byte[] sealed = vault.seal("key of mch_1", "whsec_secret".getBytes(UTF_8));
        assertThat(vault.open("key of mch_1", sealed)).asString(UTF_8).isEqualTo("whsec_secret");
        assertThat(new String(sealed, UTF_8)).doesNotContain("secret");
    }

    @Test
    void theSameSecretIsNeverSealedToTheSameBytes() {
        assertThat(vault.seal("a", new byte[8])).isNotEqualTo(vault.seal("a", new byte[8]));
    }

    @Test
    void aSecretMovedToAnotherOwnerDoesNotOpen() {
        byte[] sealed = vault.seal("key of mch_1", new byte[8]);
        assertThatThrownBy(() -> vault.open("key of mch_2", sealed))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("key of mch_2 cannot be decrypted");
    }

    @Test
    void aSecretSealedUnderAnotherMasterKeyDoesNotOpen() {
        byte[] sealed = new Vault(MasterKey.ofBase64(OTHER_KEY), RANDOM).seal("a", new byte[8]);
        assertThatThrownBy(() -> vault.open("a", sealed)).hasMessageContaining("another master key");
    }

    @Test
    void everyAlteredByteIsNoticed() {
        byte[] sealed = vault.seal("a", new byte[8]);
        for (int i = 0; i < sealed.length; i++) {
            byte[] altered = sealed.clone();
            altered[i] ^= 1;
            assertThatThrownBy(() -> vault.open("a", altered)).isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> vault.open("a", new byte[3])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theFingerprintTellsMasterKeysApartAndStaysTheSame() {
        assertThat(MasterKey.ofBase64(KEY).fingerprint())
                .hasSize(32)
                .isEqualTo(MasterKey.ofBase64(KEY).fingerprint())
                .isNotEqualTo(MasterKey.ofBase64(OTHER_KEY).fingerprint());
        assertThat(MasterKey.ofBase64(KEY)).asString().doesNotContain(KEY);
    }

    @Test
    void aNewKeyFileIsItsOwnersAloneAndReadsBackAsTheSameKey() throws Exception {
        Path file = dir.resolve("master.key");
        MasterKeys made = MasterKeys.readOrCreate(file, RANDOM);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(MasterKeys.readOrCreate(file, RANDOM).fingerprints()).isEqualTo(made.fingerprints());
        assertThat(MasterKeys.read(file).fingerprints()).isEqualTo(made.fingerprints());
        assertThat(Base64.getDecoder().decode(Files.readString(file).strip())).hasSize(32);
    }

    @Test
    void aKeyFileMayHoldTheRawBytesOrTheirBase64() throws Exception {
        Path raw = Files.write(dir.resolve("raw"), new byte[32]);
        Path text = Files.writeString(dir.resolve("text"), "  " + KEY + "\r\n");
        Path unpadded = Files.writeString(dir.resolve("unpadded"), KEY.replace("=", ""));
        assertThat(MasterKeys.read(raw).fingerprints())
                .isEqualTo(MasterKeys.read(text).fingerprints())
                .isEqualTo(MasterKeys.read(unpadded).fingerprints());
    }

    @Test
    void aKeyFileWithSomethingElseIsRefusedWithoutRepeatingIt() throws Exception {
        Path file = Files.writeString(dir.resolve("bad"), "hunter2!");
        assertThatThrownBy(() -> MasterKeys.readOrCreate(file, RANDOM))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bad must contain 32 bytes")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> MasterKeys.read(dir.resolve("missing")))
                .hasMessageContaining("there is no master key file");
        assertThatThrownBy(() -> MasterKey.ofBase64("AAAA")).hasMessageContaining("decodes to 3 bytes");
    }

    @Test
    void aKeyFileMayHoldTheNewKeyAndTheOneBefore() throws Exception {
        MasterKey newer = MasterKey.ofBase64(OTHER_KEY);
        MasterKey older = MasterKey.ofBase64(KEY);
        Path file = Files.write(dir.resolve("both"), MasterKeys.of(newer, older).fileContent());

        MasterKeys read = MasterKeys.read(file);

        assertThat(read.fingerprints()).containsExactly(newer.fingerprint(), older.fingerprint());
        assertThat(read.newest().fingerprint()).isEqualTo(newer.fingerprint());
        assertThat(read.find(older.fingerprint())).isPresent();
        assertThat(read.find("0")).isEmpty();
        assertThatThrownBy(() -> MasterKeys.ofBase64(KEY + " " + KEY + " " + KEY))
                .hasMessageContaining("3 parts");
    }

    @Test
    void duringARotationBothKeysOpenAndTheDatabasesOneSeals() {
        MasterKey newer = MasterKey.ofBase64(OTHER_KEY);
        MasterKey older = MasterKey.ofBase64(KEY);
        String[] current = {older.fingerprint()};
        Vault both = new Vault(MasterKeys.of(newer, older), () -> current[0], RANDOM);
        Vault onlyNewer = new Vault(newer, RANDOM);

        byte[] before = both.seal("a", new byte[8]);
        assertThat(vault.open("a", before)).isEqualTo(new byte[8]);
        assertThat(both.reseal("a", before)).isSameAs(before);
        current[0] = newer.fingerprint();
        byte[] after = both.reseal("a", before);

        assertThat(onlyNewer.open("a", after)).isEqualTo(both.open("a", after)).isEqualTo(both.open("a", before));
        assertThatThrownBy(() -> vault.open("a", after)).hasMessageContaining("another master key");
        assertThatThrownBy(() -> onlyNewer.open("a", before)).hasMessageContaining("another master key");
        assertThat(onlyNewer.open("b", both.seal("b", new byte[3]))).hasSize(3);
    }
}
