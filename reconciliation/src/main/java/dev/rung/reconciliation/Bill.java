package dev.rung.reconciliation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A channel's bill in a file: CSV as the channel publishes it, or packed as it is downloaded. It is read line by line,
 * any number of times, and never kept in memory.
 */
public final class Bill {
    private final Path file;
    private final BillFormat format;
    private final ZoneId zone;

    private Bill(Path file, BillFormat format) {
        this.file = file;
        this.format = format;
        this.zone = format.lines().zone();
    }

    /**
     * Opens a file.
     *
     * @throws BillException if it is not a known kind of bill
     */
    public static Bill open(Path file) throws IOException {
        try (BillText text = BillText.open(file)) {
            return new Bill(file, text.format());
        }
    }

    public BillFormat format() {
        return format;
    }

    /** The time zone of the bill's days. */
    public ZoneId zone() {
        return zone;
    }

    /**
     * Reads the whole bill.
     *
     * @return its period: as the bill states it, or else that of its lines; empty if neither is known
     * @throws BillException if a line cannot be read, or the bill is incomplete
     */
    public Optional<BillPeriod> read(Consumer<BillEntry> reader) throws IOException {
        try (BillText text = BillText.open(file)) {
            BillLines lines = format.lines();
            Days days = new Days(zone);
            for (String line = text.line(); line != null; line = text.line()) {
                BillEntry entry = lines.read(text.number(), line);
                if (entry != null) {
                    days.see(entry.at());
                    reader.accept(entry);
                }
            }
            lines.end();
            return lines.period().or(days::period);
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
