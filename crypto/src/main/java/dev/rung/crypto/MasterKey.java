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
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The 32 bytes under which every secret at rest is encrypted. Immutable; never printed.
 *
 * <p>It is never used itself: each use takes a key of its own, derived by HKDF-SHA256 (RFC 5869), so that the fingerprint that
 * a database keeps tells nothing about the key that seals.
 */
public final class MasterKey {
    private static final int BYTES = 32;
    private static final int FILE_BYTES_MAX = 1024;
    private static final int FINGERPRINT_BYTES = 16;

    private final SecretKey key;

    private MasterKey(byte[] bytes) {
        key = new SecretKeySpec(bytes, "Generic");
    }

    /**
     * Reads one from base64, with or without padding, of either alphabet.
     *
     * @throws IllegalArgumentException if it is not 32 bytes; the message does not repeat the text
     */
    public static MasterKey ofBase64(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.strip().replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException _) {
            // The cause would quote characters of the key.
            throw new IllegalArgumentException("the master key must be 32 bytes in base64; this is not base64");
        }
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException(
                    "the master key must be 32 bytes in base64; this decodes to " + bytes.length + " bytes");
        }
        return new MasterKey(bytes);
    }

    /**
     * Reads one from a file that holds either the 32 bytes themselves or their base64.
     *
     * @throws IllegalArgumentException if the file is missing, unreadable or holds something else
     */
    public static MasterKey read(Path file) {
        byte[] content;
        try (var in = Files.newInputStream(file)) {
            content = in.readNBytes(FILE_BYTES_MAX);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no master key file " + file, e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the master key file " + file + " cannot be read: " + e, e);
        }
        if (content.length == BYTES) {
            return new MasterKey(content);
        }
        try {
            return ofBase64(new String(content, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the master key file " + file + " must hold 32 bytes, as they are or in base64: " + e.getMessage(),
                    e);
        }
    }

    /**
     * Reads the file, or makes it with a new key, readable by its owner alone. It is on disk before this returns: what is sealed
     * under a key that a crash could take away would be lost.
     *
     * @throws IllegalArgumentException if the file is there and holds something else
     * @throws UncheckedIOException if it cannot be made
     */
    public static MasterKey readOrCreate(Path file, SecureRandom random) {
        if (Files.exists(file)) {
            return read(file);
        }
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String text = Base64.getEncoder().encodeToString(bytes) + "\n";
        // CREATE_NEW: two processes that start at once cannot both believe in a key of their own.
        try (FileChannel out =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly())) {
            ByteBuffer content = StandardCharsets.US_ASCII.encode(text);
            while (content.hasRemaining()) {
                out.write(content);
            }
            out.force(true);
            forceDirectory(file.toAbsolutePath().resolveSibling(""));
        } catch (FileAlreadyExistsException _) {
            return read(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the master key file " + file + " cannot be made", e);
        }
        return new MasterKey(bytes);
    }

    private static FileAttribute<?>[] ownerOnly() {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static void forceDirectory(Path directory) throws IOException {
        try (FileChannel d = FileChannel.open(directory, StandardOpenOption.READ)) {
            d.force(true);
        }
    }

    /** Tells master keys apart and nothing more: 32 hexadecimal digits, safe to store and to print. */
    public String fingerprint() {
        return HexFormat.of()
                .formatHex(derive("rung fingerprint v1", FINGERPRINT_BYTES).getEncoded());
    }

    /** A key for one use. */
    SecretKey derive(String use, int bytes) {
        try {
            var spec = HKDFParameterSpec.ofExtract()
                    .addIKM(key)
                    .thenExpand(use.getBytes(StandardCharsets.US_ASCII), bytes);
            return KDF.getInstance("HKDF-SHA256").deriveKey("AES", spec);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HKDF-SHA256", e);
        }
    }

    @Override
    public String toString() {
        return "MasterKey[" + fingerprint() + "]";
    }
}
