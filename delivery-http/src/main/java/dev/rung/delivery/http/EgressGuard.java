package dev.rung.delivery.http;

import dev.rung.core.model.InvalidValueException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prevents requests to addresses that are not allowed. Thread-safe.
 *
 * <p>{@link #check} validates a URL when it is submitted and resolves no names. The addresses of a name are checked when it is
 * resolved for a connection, and the connection is made to the checked address itself, so DNS rebinding has no effect.
 */
public final class EgressGuard {
    /** A name may have hundreds of addresses; a message lists the first few. */
    private static final int NAMED_MAX = 4;

    private final AllowedTargets allowed;

    public EgressGuard(AllowedTargets allowed) {
        this.allowed = allowed;
    }

    /**
     * Why a URL is invalid, continuing the field's name: its form, its port, or a literal address that is not allowed. Empty: it is
     * accepted, although its name may later resolve to an address that is not allowed.
     */
    public Optional<Fault> check(String url) {
        TargetUrl target;
        try {
            target = TargetUrl.parse(url);
        } catch (InvalidValueException e) {
            return Optional.of(new Fault(e.code(), String.valueOf(e.getMessage()), e.arguments()));
        }
        List<InetAddress> known = target.known();
        if (known.isEmpty() || known.stream().anyMatch(this::allows)) {
            return Optional.empty();
        }
        return Optional.of(new Fault(
                "not_reachable", "leads to " + refusal(known, "which "), List.of(addresses(known), networks(known))));
    }

    /**
     * Why a URL is refused.
     *
     * @param code {@code too_long}; {@code invalid_url}; or {@code not_reachable} for an address that is not allowed
     * @param message continues the field's name
     * @param arguments of {@code invalid_url} the reason and its parts; of {@code not_reachable} the addresses and the networks to allow
     */
    public record Fault(String code, String message, List<Object> arguments) {}

    boolean allows(InetAddress address) {
        InetAddress reached = SpecialAddresses.unmapped(address);
        return SpecialAddresses.isPublic(reached) || allowed.contain(reached);
    }

    /**
     * The allowed ones of these addresses.
     *
     * @throws RefusedException if there is none
     */
    List<InetAddress> vetted(List<InetAddress> addresses) throws RefusedException {
        List<InetAddress> vetted = new ArrayList<>(addresses.size());
        for (InetAddress address : addresses) {
            if (allows(address)) {
                vetted.add(SpecialAddresses.unmapped(address));
            }
        }
        if (vetted.isEmpty()) {
            throw new RefusedException((addresses.size() == 1 ? "address " : "addresses ") + refusal(addresses, ""));
        }
        return vetted;
    }

    private static String refusal(List<InetAddress> refused, String relative) {
        boolean one = refused.size() == 1;
        return addresses(refused) + (relative.isEmpty() ? " " : ", ") + relative + (one ? "is" : "are")
                + " not allowed; allow " + (one ? "it" : "them") + " with --allow-targets " + networks(refused);
    }

    private static String addresses(List<InetAddress> refused) {
        return named(refused)
                .map(address -> AddressText.of(address.getAddress()))
                .collect(Collectors.joining(", "));
    }

    private static String networks(List<InetAddress> refused) {
        return named(refused).map(address -> Cidr.of(address).toString()).collect(Collectors.joining(","));
    }

    private static Stream<InetAddress> named(List<InetAddress> refused) {
        return refused.stream().limit(NAMED_MAX).map(SpecialAddresses::unmapped);
    }
}
