package dev.rung.payments.flow;

import dev.rung.core.port.Sender.Result;

/** One attempt of a compensating query. */
interface ChannelQuery {
    /** Makes it. Blocks for the store and the channel. */
    Result make();

    /** The result when the channel has not answered by the deadline. */
    Result overdue();

    /** The result of a failure that is not the channel's. */
    Result failed(String why);
}
