package dev.rung.reconciliation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A channel's bill in a file: CSV as the channel publishes it, also packed as it is downloaded. It is read line by line, as often as one likes, and never kept.
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
     * Looks at a file.
     *
     * @throws BillException if it is no bill that is known here
     */
    public static Bill open(Path file) throws IOException {
        try (BillText text = BillText.open(file)) {
            return new Bill(file, text.format());
        }
    }

    public BillFormat format() {
        return format;
    }

    /** Whose days the bill's are. */
    public ZoneId zone() {
        return zone;
    }

    /**
     * Reads all of it.
     *
     * @return for which days it is: as it says itself, or else those of its lines; empty if neither says
     * @throws BillException if a line cannot be read, or the bill is not whole
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

    /** From the first to the last that was seen. */
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
