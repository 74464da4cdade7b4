package dev.rung.crypto;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The master keys that a process knows: one, or, while it is rotated, the new one and the one before. Immutable; never printed.
 *
 * <p>A key file contains the 32 bytes of one key, or one or two keys in base64, separated by white space, the newer first.
 */
public final class MasterKeys {
    private static final int FILE_BYTES_MAX = 1024;
    private static final int KEYS_MAX = 2;

    /** In the store's meta values: the fingerprint of the key that seals secrets. */
    public static final String CURRENT = "master_key_fingerprint";

    /** In the store's meta values: the fingerprint of the key before, during a rotation; else empty. */
    public static final String FORMER = "master_key_former_fingerprint";

    private final List<MasterKey> keys;

    private MasterKeys(List<MasterKey> keys) {
        this.keys = keys;
    }

    /** One key, or two, the newer first. */
    public static MasterKeys of(MasterKey... keys) {
        if (keys.length == 0 || keys.length > KEYS_MAX) {
            throw new IllegalArgumentException("a server knows one or two master keys, not " + keys.length);
        }
        return new MasterKeys(List.of(keys));
    }

    /**
     * Decodes one or two keys in base64.
     *
     * @throws IllegalArgumentException if it is something else; the message does not repeat the text
     */
    public static MasterKeys ofBase64(String text) {
        String[] parts = text.strip().split("\\s+", -1);
        if (parts.length > KEYS_MAX) {
            throw new IllegalArgumentException(
                    "the master key must be 32 bytes in base64, or two such keys, the newer first; these are "
                            + parts.length + " parts");
        }
        return of(Arrays.stream(parts).map(MasterKey::ofBase64).toArray(MasterKey[]::new));
    }

    /**
     * Reads a key file.
     *
     * @throws IllegalArgumentException if the file is missing, unreadable or contains something else
     */
    public static MasterKeys read(Path file) {
        byte[] content;
        try (var in = Files.newInputStream(file)) {
            content = in.readNBytes(FILE_BYTES_MAX);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no master key file " + file, e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the master key file " + file + " cannot be read: " + e, e);
        }
        try {
            return content.length == MasterKey.BYTES
                    ? of(MasterKey.of(content))
                    : ofBase64(new String(content, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the master key file " + file + " must contain 32 bytes, raw or in base64: " + e.getMessage(), e);
        }
    }

    /**
     * Reads the file, or creates it with a new key, readable only by its owner. The file is flushed to disk before this returns: secrets
     * sealed under a key that was lost in a crash could not be opened again.
     *
     * @throws IllegalArgumentException if the file exists and contains something else
     * @throws UncheckedIOException if it cannot be created
     */
    public static MasterKeys readOrCreate(Path file, SecureRandom random) {
        if (Files.exists(file)) {
            return read(file);
        }
        MasterKeys made = of(MasterKey.generate(random));
        // CREATE_NEW: of two processes that start at once, only one creates the key.
        try {
            write(file, made);
        } catch (FileAlreadyExistsException _) {
            return read(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the master key file " + file + " cannot be created", e);
        }
        return made;
    }

    private static void write(Path file, MasterKeys keys) throws IOException {
        try (FileChannel out =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly())) {
            ByteBuffer content = ByteBuffer.wrap(keys.fileContent());
            while (content.hasRemaining()) {
                out.write(content);
            }
            out.force(true);
        }
        try (FileChannel d = FileChannel.open(file.toAbsolutePath().resolveSibling(""), StandardOpenOption.READ)) {
            d.force(true);
        }
    }

    /** The keys as a key file contains them: a secret. */
    public byte[] fileContent() {
        StringBuilder text = new StringBuilder();
        keys.forEach(key -> text.append(key.base64()).append('\n'));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static FileAttribute<?>[] ownerOnly() {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    public MasterKey newest() {
        return keys.getFirst();
    }

    /** The key with this fingerprint. */
    public Optional<MasterKey> find(String fingerprint) {
        return keys.stream()
                .filter(key -> key.fingerprint().equals(fingerprint))
                .findFirst();
    }

    Stream<MasterKey> stream() {
        return keys.stream();
    }

    /** The fingerprints, the newest key's first. */
    public List<String> fingerprints() {
        return keys.stream().map(MasterKey::fingerprint).toList();
    }

    @Override
    public String toString() {
        return "MasterKeys" + fingerprints();
    }
}
