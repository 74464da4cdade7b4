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
 * The 32-byte key that encrypts every secret at rest. Immutable; never printed.
 *
 * <p>It is never used directly: each purpose has its own key derived by HKDF-SHA256 (RFC 5869), so that the fingerprint stored in the
 * database reveals nothing about the encryption key.
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
     * Decodes a key from base64, with or without padding, in the standard or URL-safe alphabet.
     *
     * @throws IllegalArgumentException if it is not 32 bytes; the message does not repeat the text
     */
    public static MasterKey ofBase64(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.strip().replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException _) {
            // The cause is dropped because it contains characters of the key.
            throw new IllegalArgumentException("the master key must be 32 bytes in base64; this is not base64");
        }
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException(
                    "the master key must be 32 bytes in base64; this decodes to " + bytes.length + " bytes");
        }
        return new MasterKey(bytes);
    }

    /**
     * Reads a key from a file that contains either the 32 bytes or their base64.
     *
     * @throws IllegalArgumentException if the file is missing, unreadable or contains something else
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
     * Reads the file, or creates it with a new key, readable only by its owner. The file is flushed to disk before this returns: secrets
     * sealed under a key that was lost in a crash could not be opened again.
     *
     * @throws IllegalArgumentException if the file exists and contains something else
     * @throws UncheckedIOException if it cannot be created
     */
    public static MasterKey readOrCreate(Path file, SecureRandom random) {
        if (Files.exists(file)) {
            return read(file);
        }
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String text = Base64.getEncoder().encodeToString(bytes) + "\n";
        // CREATE_NEW: of two processes that start at once, only one creates the key.
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
            throw new UncheckedIOException("the master key file " + file + " cannot be created", e);
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

    /** Identifies the key without revealing it: 32 hexadecimal digits, safe to store and to print. */
    public String fingerprint() {
        return HexFormat.of()
                .formatHex(derive("rung fingerprint v1", FINGERPRINT_BYTES).getEncoded());
    }

    /** Derives the key for one purpose. */
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
