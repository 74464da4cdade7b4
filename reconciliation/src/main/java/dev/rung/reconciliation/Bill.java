package dev.rung.reconciliation;

import dev.rung.payments.bill.BillEntry;
import dev.rung.payments.bill.BillException;
import dev.rung.payments.bill.BillFormat;
import dev.rung.payments.bill.BillLines;
import dev.rung.payments.bill.BillPeriod;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A channel's bill in a file, as the channel publishes it, also compressed. It is read line by line, any number of
 * times, and never kept in memory.
 */
public final class Bill {
    private final Path file;
    private final List<BillFormat> formats;
    private final BillFormat format;
    private final ZoneId zone;

    private Bill(Path file, List<BillFormat> formats, BillFormat format) {
        this.file = file;
        this.formats = formats;
        this.format = format;
        this.zone = format.lines().zone();
    }

    /**
     * Opens a file and detects its format.
     *
     * @param ofChannels the formats of the channels; the plain one is always known
     * @param plainZone the time zone of a plain bill's days
     * @throws BillException if no format matches
     */
    public static Bill open(Path file, List<BillFormat> ofChannels, ZoneId plainZone) throws IOException {
        List<BillFormat> formats = Stream.concat(ofChannels.stream(), Stream.of(new PlainBill.Format(plainZone)))
                .toList();
        try (BillText text = BillText.open(file, formats)) {
            return new Bill(file, formats, text.format());
        }
    }

    /** The name of its format: a channel type's, or {@code plain}. */
    public String format() {
        return format.name();
    }

    /** Whether any channel's bill may be in this format. */
    public boolean isPlain() {
        return format instanceof PlainBill.Format;
    }

    /** The time zone of the bill's days. */
    public ZoneId zone() {
        return zone;
    }

    /**
     * Reads the whole bill.
     *
     * @param unreadable receives the fault of each line that cannot be read; reading goes on after it
     * @return its period: as the bill states it, or else that of its lines; empty if neither is known
     * @throws BillException if the bill is incomplete, or not one that can be compared
     */
    public Optional<BillPeriod> read(Consumer<BillEntry> reader, Consumer<BillException> unreadable)
            throws IOException {
        try (BillText text = BillText.open(file, formats)) {
            BillLines lines = format.lines();
            Days days = new Days(zone);
            for (String line = text.line(); line != null; line = text.line()) {
                BillEntry entry = read(lines, text.number(), line, unreadable);
                if (entry != null) {
                    days.see(entry.at());
                    reader.accept(entry);
                }
            }
            lines.end();
            return lines.period().or(days::period);
        }
    }

    private static @Nullable BillEntry read(
            BillLines lines, int number, String line, Consumer<BillException> unreadable) {
        try {
            return lines.read(number, line);
        } catch (BillException e) {
            if (!e.isOfOneLine()) {
                throw e;
            }
            unreadable.accept(e);
            return null;
        }
    }

    /** The period from the first to the last time seen. */
    private static final class Days {
        private final ZoneId zone;
        private @Nullable Instant first;
        private @Nullable Instant last;

        Days(ZoneId zone) {
            this.zone = zone;
        }

        void see(@Nullable Instant at) {
            if (at != null) {
                first = first == null || at.isBefore(first) ? at : first;
                last = last == null || at.isAfter(last) ? at : last;
            }
        }

        Optional<BillPeriod> period() {
            return first == null || last == null
                    ? Optional.empty()
                    : Optional.of(BillPeriod.of(
                            first.atZone(zone).toLocalDate(), last.atZone(zone).toLocalDate(), zone));
        }
    }
}
