package dev.rung.alerts;

import dev.rung.core.model.AlertKind;
import dev.rung.core.model.Endpoint;
import dev.rung.core.model.EndpointId;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.ReceiverId;
import dev.rung.core.port.AlertStore.Group;
import dev.rung.core.port.MerchantStore;
import org.jspecify.annotations.Nullable;

/**
 * The receiver that an alert is about.
 *
 * @param name for users, with its id
 */
record AlertSubject(ReceiverId receiver, String name) {

    /** The subject of a group about a receiver. */
    static String text(ReceiverId receiver) {
        return receiver.endpoint() == null
                ? receiver.merchant().toString()
                : receiver.merchant() + "/" + receiver.endpoint();
    }

    /** Null if the group is not about a receiver. */
    static @Nullable AlertSubject of(Group group, MerchantStore merchants) {
        ReceiverId receiver;
        if (group.kind() == AlertKind.NOTIFICATIONS_EXHAUSTED) {
            receiver = ReceiverId.own(new MerchantId(Long.parseLong(group.subject())));
        } else if (AlertText.isAboutReceiver(group.kind())) {
            receiver = parse(group.subject());
        } else {
            return null;
        }
        Merchant merchant = merchants.find(receiver.merchant()).orElse(null);
        return new AlertSubject(
                receiver, merchant == null ? receiver.merchant().toString() : name(merchant, receiver.endpoint()));
    }

    /** The receiver of a text. */
    static ReceiverId parse(String subject) {
        int slash = subject.indexOf('/');
        return slash < 0
                ? ReceiverId.own(MerchantId.parse(subject))
                : new ReceiverId(
                        MerchantId.parse(subject.substring(0, slash)), EndpointId.parse(subject.substring(slash + 1)));
    }

    private static String name(Merchant merchant, @Nullable EndpointId endpoint) {
        String name = merchant.name() + " (" + merchant.id() + ")";
        return endpoint == null
                ? name
                : name + " / " + merchant.endpoint(endpoint).map(Endpoint::name).orElse("") + " (" + endpoint + ")";
    }
}
