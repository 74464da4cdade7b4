package dev.rung.payments.channel;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An account at a channel, such as {@code alipay-shanghai} of the type {@code alipay}. Its values are valid by the checks of their {@link
 * AccountMember}s and include defaults. {@link #toString} omits them.
 *
 * @param name in the API, and in {@code /callbacks/{account}}
 * @param type {@link ChannelType#name}
 * @param values by the members' names
 */
public record ChannelAccount(String name, String type, Map<String, String> values) {

    public ChannelAccount {
        values = Map.copyOf(values);
    }

    /** An account of this type, with defaults for the members that are not given. */
    public static ChannelAccount of(ChannelType type, String name, Map<String, String> given) {
        Map<String, String> values = new HashMap<>(given);
        for (AccountMember member : type.members()) {
            if (member.defaultText() != null) {
                values.putIfAbsent(member.name(), member.defaultText());
            }
        }
        return new ChannelAccount(name, type.name(), values);
    }

    /** The value of a member that is required or has a default. */
    public String get(String member) {
        return find(member)
                .orElseThrow(() -> new IllegalArgumentException("the account " + name + " has no " + member));
    }

    /** The value of an optional member. */
    public Optional<String> find(String member) {
        return Optional.ofNullable(values.get(member));
    }

    @Override
    public String toString() {
        return "ChannelAccount[" + name + " of type " + type + "]";
    }
}
