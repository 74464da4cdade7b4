package dev.rung.payments.channel;

import dev.rung.payments.bill.BillFormat;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.port.PaymentChannel;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A type of channel: describes its accounts and opens them. Found by {@link java.util.ServiceLoader}: a jar names its implementation, which has a
 * public constructor without parameters, in {@code META-INF/services/dev.rung.payments.channel.ChannelType}. Stateless.
 */
public interface ChannelType {
    /** The name in {@code type:} of an account and in its options: lower case letters and digits. */
    String name();

    /** One line for help texts. */
    String description();

    /** The members of an account, in the order of help texts. */
    List<AccountMember> members();

    /** The supported payment methods; the first is the default. */
    List<PaymentMethod> methods();

    /** The supported payment methods of one account, if they depend on its members. */
    default List<PaymentMethod> methods(ChannelAccount account) {
        return methods();
    }

    /**
     * Checks the combination of members, each of which has passed its {@link AccountMember#check}. Returns a sentence without the account's name
     * ({@code "public_key needs public_key_id"}), or null if the combination is valid.
     */
    default @Nullable String problem(ChannelAccount account) {
        return null;
    }

    /**
     * Whether an account with the type's name exists by default if the server listens on loopback only, without a proxy. For simulated banks, which
     * move no real money. {@code --TYPE true} or {@code --TYPE false} overrides it.
     */
    default boolean existsOnLoopback() {
        return false;
    }

    /**
     * Opens an account without calling its gateway; {@link PaymentChannel#start} follows when the server listens.
     *
     * @throws IllegalArgumentException if it cannot be opened, which fails the start; the message gives the reason without secrets
     */
    PaymentChannel open(ChannelAccount account, ChannelContext context);

    /** The format of its bills; empty for the generic format. */
    default Optional<BillFormat> billFormat() {
        return Optional.empty();
    }
}
