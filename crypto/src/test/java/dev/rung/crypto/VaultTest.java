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
                .hasMessageContaining("key of mch_2 does not open");
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
        assertThat(vault.fingerprint())
                .hasSize(32)
                .isEqualTo(MasterKey.ofBase64(KEY).fingerprint())
                .isNotEqualTo(MasterKey.ofBase64(OTHER_KEY).fingerprint());
        assertThat(MasterKey.ofBase64(KEY)).asString().doesNotContain(KEY);
    }

    @Test
    void aNewKeyFileIsItsOwnersAloneAndReadsBackAsTheSameKey() throws Exception {
        Path file = dir.resolve("master.key");
        MasterKey made = MasterKey.readOrCreate(file, RANDOM);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(MasterKey.readOrCreate(file, RANDOM).fingerprint()).isEqualTo(made.fingerprint());
        assertThat(MasterKey.read(file).fingerprint()).isEqualTo(made.fingerprint());
        assertThat(Base64.getDecoder().decode(Files.readString(file).strip())).hasSize(32);
    }

    @Test
    void aKeyFileMayHoldTheRawBytesOrTheirBase64() throws Exception {
        Path raw = Files.write(dir.resolve("raw"), new byte[32]);
        Path text = Files.writeString(dir.resolve("text"), "  " + KEY + "\r\n");
        Path unpadded = Files.writeString(dir.resolve("unpadded"), KEY.replace("=", ""));
        assertThat(MasterKey.read(raw).fingerprint())
                .isEqualTo(MasterKey.read(text).fingerprint())
                .isEqualTo(MasterKey.read(unpadded).fingerprint());
    }

    @Test
    void aKeyFileWithSomethingElseIsRefusedWithoutRepeatingIt() throws Exception {
        Path file = Files.writeString(dir.resolve("bad"), "hunter2!");
        assertThatThrownBy(() -> MasterKey.readOrCreate(file, RANDOM))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bad must hold 32 bytes")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> MasterKey.read(dir.resolve("missing")))
                .hasMessageContaining("there is no master key file");
        assertThatThrownBy(() -> MasterKey.ofBase64("AAAA")).hasMessageContaining("decodes to 3 bytes");
    }
}
