package dev.rung.payments.channel;

import dev.rung.payments.bill.BillFormat;
import dev.rung.payments.port.PaymentChannel;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A kind of channel: what an account of it consists of, and how one is opened. Found by {@link java.util.ServiceLoader}: a jar names its
 * implementation, which has a public constructor without parameters, in {@code META-INF/services/dev.rung.payments.channel.ChannelType}. Stateless.
 */
public interface ChannelType {
    /** In {@code type:} of an account and in its flags: lower case letters and digits. */
    String name();

    /** One line for help texts. */
    String description();

    /** What an account consists of, in the order of help texts. */
    List<AccountMember> members();

    /** The methods of paying it has; the first is the default. */
    List<PaymentMethod> methods();

    /**
     * What members are wrong together, each by itself having passed its {@link AccountMember#check}: a sentence without the account's name ({@code
     * "public_key needs public_key_id"}); null when nothing is.
     */
    default @Nullable String problem(ChannelAccount account) {
        return null;
    }

    /**
     * Whether an account named as the type exists without being configured where the server listens on loopback only and without a proxy: for
     * simulated banks, where no real money moves. {@code --TYPE true} or {@code false} decides otherwise.
     */
    default boolean existsOnLoopback() {
        return false;
    }

    /**
     * Opens an account. Calls no gateway yet: {@link PaymentChannel#start} follows when the server listens.
     *
     * @throws IllegalArgumentException if it cannot be opened; the message says why, without secrets, and stops the start
     */
    PaymentChannel open(ChannelAccount account, ChannelContext context);

    /** How its bills are read; empty when it has none of its own and writes plain ones. */
    default Optional<BillFormat> billFormat() {
        return Optional.empty();
    }
}
