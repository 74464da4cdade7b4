package dev.rung.channel.simulator;

import dev.rung.channel.gateway.JsonObject;
import dev.rung.payments.channel.ChannelBills;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** The simulated bank's bills, in the plain format, fetched page by page with signed calls. */
final class SimulatorBills implements ChannelBills {
    /** The bank works where the channels do that publish bills. */
    static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private final Gateway gateway;

    SimulatorBills(Gateway gateway) {
        this.gateway = gateway;
    }

    /** Calls the bank. */
    interface Gateway {
        /**
         * A page of a bill.
         *
         * @param after where the page before ended; empty for the first
         */
        Page page(LocalDate day, String after);
    }

    /**
     * The bank's answer.
     *
     * @param answer null unless it is authentic and of status 200
     * @param fault why there is none
     */
    record Page(@Nullable JsonObject answer, String fault) {}

    @Override
    public ZoneId zone() {
        return ZONE;
    }

    @Override
    public Fetched fetch(LocalDate day, Path file) throws IOException {
        try (Writer text = Files.newBufferedWriter(file)) {
            text.write("out_trade_no,channel_trade_no,amount,currency,state,paid_at,out_refund_no\n");
            String after = "";
            while (true) {
                Page page = gateway.page(day, after);
                if (page.answer() == null) {
                    return new Fetched.Unavailable(page.fault());
                }
                String lines = page.answer().text("lines");
                text.write(lines == null ? "" : lines);
                String next = page.answer().text("next");
                if (next == null) {
                    return new Fetched.Downloaded();
                }
                after = next;
            }
        }
    }
}
