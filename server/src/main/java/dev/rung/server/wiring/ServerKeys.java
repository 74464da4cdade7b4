package dev.rung.server.wiring;

import dev.rung.core.port.MetaStore;
import dev.rung.crypto.MasterKeys;
import dev.rung.settings.DataDir;
import dev.rung.settings.Secret;
import dev.rung.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's key and the master key, as they were given or as the data dir keeps them.
 *
 * <p>Created while this process holds the data dir's lock, so that no other process generates them at the same time.
 */
record ServerKeys(String operator, @Nullable String viewer, MasterKeys master) {
    private static final Logger LOG = LoggerFactory.getLogger(ServerKeys.class);
    private static final String OPERATOR_PREFIX = "rung_ok_";
    private static final int RANDOM_BYTES = 32;
    private static final int FINGERPRINT_BYTES = 8;

    /**
     * Reads them, or generates them at the first start.
     *
     * @throws StartupException if the database was written under another master key, or a file cannot be used
     */
    static ServerKeys of(Settings settings, MetaStore meta, SecureRandom random) {
        DataDir dataDir = new DataDir(settings.storage().dataDir());
        Settings.Access access = settings.access();
        Secret viewer = access.viewerKey();
        MasterKeys master = master(access.masterKey(), dataDir, random);
        checkFingerprint(master, meta);
        return new ServerKeys(
                operator(access.apiKey(), dataDir, random), viewer == null ? null : viewer.reveal(), master);
    }

    private static MasterKeys master(@Nullable Secret given, DataDir dataDir, SecureRandom random) {
        try {
            return given == null
                    ? MasterKeys.readOrCreate(dataDir.masterKey(), random)
                    : MasterKeys.ofBase64(given.reveal());
        } catch (IllegalArgumentException e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void checkFingerprint(MasterKeys master, MetaStore meta) {
        if (meta.putIfAbsent(MasterKeys.CURRENT, master.newest().fingerprint())) {
            return;
        }
        String current = meta.get(MasterKeys.CURRENT).orElse("");
        if (master.find(current).isEmpty()) {
            throw new StartupException("the secrets in the database are encrypted with another master key (fingerprint "
                    + current + ") than the one given (fingerprint " + String.join(", ", master.fingerprints())
                    + "): start with that one, by --master-key-file or RUNG_MASTER_KEY");
        }
        String former = meta.get(MasterKeys.FORMER).orElse("");
        if (!former.isEmpty() && master.find(former).isEmpty()) {
            throw new StartupException(
                    "the master key is being rotated, and some secrets are still encrypted with the old one (fingerprint "
                            + former + "): finish with rung rotate-master-key, or start with a"
                            + " file that contains both keys");
        }
    }

    private static String operator(@Nullable Secret given, DataDir dataDir, SecureRandom random) {
        if (given != null) {
            return given.reveal();
        }
        Path file = dataDir.apiKey();
        try {
            if (!Files.exists(file)) {
                byte[] bytes = new byte[RANDOM_BYTES];
                random.nextBytes(bytes);
                String key = OPERATOR_PREFIX
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
                DataDir.writeForOwner(file, (key + "\n").getBytes(StandardCharsets.US_ASCII));
                LOG.info("generated the API key: {}", file.toAbsolutePath().normalize());
            } else {
                LOG.info("the API key is in {}", file.toAbsolutePath().normalize());
            }
            String key = Files.readString(file).strip();
            if (key.isEmpty()) {
                throw new StartupException(
                        "the API key file " + file + " is empty: delete it, and a new key is generated");
            }
            return key;
        } catch (IOException e) {
            throw new StartupException("the API key file " + file + " cannot be used: " + e, e);
        }
    }

    /** Identifies an operator's key without revealing it. */
    String operatorFingerprint() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(operator.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Keys[" + master + "]";
    }
}
