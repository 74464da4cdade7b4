package dev.rung.payments.channel;

import dev.rung.payments.model.Payment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;

/** The bills of a channel account: what it paid in and out on a day. Thread-safe. */
public interface ChannelBills {
    /** The time zone of its days. */
    ZoneId zone();

    /**
     * Downloads the bill of a day into a file that does not exist yet, in the format of the channel's type. Blocks.
     *
     * @throws IOException if the file cannot be written
     */
    Fetched fetch(LocalDate day, Path file) throws IOException;

    /** Whether a payment of the account, and its refunds, are on these bills. Blocks. */
    default boolean covers(Payment payment) {
        return true;
    }

    /** The result of {@link #fetch}. */
    sealed interface Fetched {
        /** The file has the whole bill. */
        record Downloaded() implements Fetched {}

        /** The channel says that nothing was paid in or out on that day. */
        record Nothing() implements Fetched {}

        /** The channel does not give it now. */
        record Unavailable(String reason) implements Fetched {}
    }
}
