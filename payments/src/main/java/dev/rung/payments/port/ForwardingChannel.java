package dev.rung.payments.port;

import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentMethod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Passes every call on to another channel; subclasses change some. */
public abstract class ForwardingChannel implements PaymentChannel {
    private final PaymentChannel channel;

    protected ForwardingChannel(PaymentChannel channel) {
        this.channel = channel;
    }

    @Override
    public String name() {
        return channel.name();
    }

    @Override
    public void start() {
        channel.start();
    }

    @Override
    public void stop() {
        channel.stop();
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public @Nullable String checkOptions(@Nullable String channelOptions) {
        return channel.checkOptions(channelOptions);
    }

    @Override
    public @Nullable String checkSubject(String subject) {
        return channel.checkSubject(subject);
    }

    @Override
    public @Nullable String checkAttach(String attach) {
        return channel.checkAttach(attach);
    }

    @Override
    public boolean needsPayerIp(PaymentMethod method) {
        return channel.needsPayerIp(method);
    }

    @Override
    public Exchange charge(Payment payment, String authCode) {
        return channel.charge(payment, authCode);
    }

    @Override
    public Placement place(Payment payment) {
        return channel.place(payment);
    }

    @Override
    public Exchange query(Payment payment) {
        return channel.query(payment);
    }

    @Override
    public Exchange close(Payment payment) {
        return channel.close(payment);
    }

    @Override
    public List<String> check() {
        return channel.check();
    }

    @Override
    public Optional<ChannelRefunds> refunds() {
        return channel.refunds();
    }

    @Override
    public Set<String> signatureHeaders() {
        return channel.signatureHeaders();
    }

    @Override
    public Callback readCallback(CallbackRequest request) {
        return channel.readCallback(request);
    }

    @Override
    public Acknowledgement acknowledgement(boolean accepted) {
        return channel.acknowledgement(accepted);
    }
}
