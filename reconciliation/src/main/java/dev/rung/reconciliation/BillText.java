package dev.rung.reconciliation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.payments.bill.BillException;
import dev.rung.payments.bill.BillFormat;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The text of a bill in a file: plain, gzipped, or in a zip among other files, in UTF-8 or GBK. Read line by line,
 * never as a whole.
 */
final class BillText implements Closeable {
    /** GBK's superset: Chinese platforms write bills, and the names in their zip files, in it. */
    private static final Charset GBK = Charset.forName("GB18030");

    private static final int HEAD_BYTES = 64 * 1024;
    private static final int LINE_CHARS_MAX = 64 * 1024;

    private final BillFormat format;
    private final Reader reader;
    private final char[] buffer = new char[16 * 1024];
    private int at;
    private int filled;
    private int number;

    private BillText(BillFormat format, Reader reader) {
        this.format = format;
        this.reader = reader;
    }

    /**
     * Opens a bill; closing it closes the file.
     *
     * @throws BillException if the file contains none
     */
    static BillText open(Path file, List<BillFormat> formats) throws IOException {
        InputStream bytes = new BufferedInputStream(Files.newInputStream(file), HEAD_BYTES);
        try {
            return unpack(bytes, formats)
                    .orElseThrow(() -> new BillException("not a bill in a known format ("
                            + formats.stream().map(BillFormat::name).collect(Collectors.joining(", "))
                            + "); a plain one has the columns " + String.join(",", PlainBill.COLUMNS)));
        } catch (IOException | RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    private static Optional<BillText> unpack(InputStream bytes, List<BillFormat> formats) throws IOException {
        bytes.mark(4);
        byte[] magic = bytes.readNBytes(4);
        bytes.reset();
        if (magic.length == 4 && magic[0] == 'P' && magic[1] == 'K') {
            return fromZip(new ZipInputStream(bytes, GBK), formats);
        }
        return magic.length == 4 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b
                ? read(new GZIPInputStream(bytes), formats)
                : read(bytes, formats);
    }

    /** The first file in the zip that is a bill; others may contain totals. */
    private static Optional<BillText> fromZip(ZipInputStream zip, List<BillFormat> formats) throws IOException {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            Optional<BillText> text = entry.isDirectory() ? Optional.empty() : read(zip, formats);
            if (text.isPresent()) {
                return text;
            }
        }
        return Optional.empty();
    }

    private static Optional<BillText> read(InputStream bytes, List<BillFormat> formats) throws IOException {
        byte[] head = bytes.readNBytes(HEAD_BYTES);
        Charset charset = isUtf8(head) ? UTF_8 : GBK;
        Optional<BillFormat> format = new String(head, charset)
                .lines()
                .map(BillText::withoutMark)
                .filter(l -> !l.startsWith("#") && !l.isBlank())
                .findFirst()
                .flatMap(header ->
                        formats.stream().filter(f -> f.recognizes(header)).findFirst());
        return format.map(f -> new BillText(
                f, new InputStreamReader(new SequenceInputStream(new ByteArrayInputStream(head), bytes), charset)));
    }

    /** Ignores an incomplete character at the end of the head. */
    private static boolean isUtf8(byte[] head) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(head, 0, lastWhole(head)));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Up to the end of the last complete line, if the head is not the whole file. */
    private static int lastWhole(byte[] head) {
        int end = head.length;
        while (head.length == HEAD_BYTES && end > 0 && head[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    private static String withoutMark(String line) {
        return line.startsWith("\ufeff") ? line.substring(1) : line;
    }

    BillFormat format() {
        return format;
    }

    /** The number of the latest line, counted from 1. */
    int number() {
        return number;
    }

    /** The next line; null at the end. */
    @Nullable String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (at == filled) {
                filled = Math.max(reader.read(buffer), 0);
                at = 0;
            }
            int end = at;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            line.append(buffer, at, end - at);
            boolean whole = end < filled || filled == 0;
            at = Math.min(end + 1, filled);
            if (line.length() > LINE_CHARS_MAX) {
                throw BillException.at(number + 1, "the line is too long for a bill");
            }
            if (whole) {
                return end == filled && line.isEmpty() ? null : counted(line);
            }
        }
    }

    private String counted(StringBuilder line) {
        number++;
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return number == 1 ? withoutMark(line.toString()) : line.toString();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
