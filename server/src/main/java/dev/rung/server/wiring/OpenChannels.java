package dev.rung.server.wiring;

import dev.rung.payments.channel.HostedBank;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.settings.Settings.Payments.Channel;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/** The channel accounts of the settings, opened. They act by themselves while the server listens. */
final class OpenChannels implements SmartLifecycle, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenChannels.class);

    private final List<PaymentChannel> channels;
    private volatile boolean running;

    private OpenChannels(List<PaymentChannel> channels) {
        this.channels = channels;
    }

    /**
     * Opens each account.
     *
     * @throws StartupException if one cannot be opened
     */
    static OpenChannels open(List<Channel> accounts, Function<Channel, ServerChannelContext> contexts) {
        return new OpenChannels(accounts.stream()
                .map(channel -> open(channel, contexts.apply(channel)))
                .toList());
    }

    private static PaymentChannel open(Channel channel, ServerChannelContext context) {
        String name = channel.account().name();
        try {
            PaymentChannel opened = channel.type().open(channel.account(), context);
            LOG.info("opened the channel {} ({})", name, channel.type().description());
            return opened;
        } catch (RuntimeException | LinkageError e) {
            throw new StartupException(
                    "the channel " + name + " of type " + channel.type().name() + " cannot be opened: "
                            + (e.getMessage() == null ? e.toString() : e.getMessage()),
                    e);
        }
    }

    List<PaymentChannel> all() {
        return channels;
    }

    /** The bank below {@code /banks/NAME}, if that channel has one there. */
    Optional<HostedBank> hosted(String name) {
        return channels.stream()
                .filter(channel -> channel.name().equals(name))
                .filter(HostedBank.class::isInstance)
                .map(HostedBank.class::cast)
                .findFirst();
    }

    @Override
    public void start() {
        channels.forEach(PaymentChannel::start);
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        channels.forEach(PaymentChannel::stop);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Starts after the API and the engine and stops before them: callbacks of a bank in this process go there. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1;
    }

    @Override
    public void close() {
        channels.forEach(PaymentChannel::close);
    }
}
