package dev.rung.delivery.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps Rung's requests away from what they must not reach. Thread-safe.
 *
 * <p>{@link #check} is for the moment when somebody gives a URL; it looks nothing up. What a name leads to is judged when it is
 * looked up for a connection, and the connection is made to the judged address itself: a name that changes its mind (DNS rebinding)
 * changes nothing.
 */
public final class EgressGuard {
    /** A name may lead to hundreds; a message names the first few. */
    private static final int NAMED_MAX = 4;

    private final AllowedTargets allowed;

    public EgressGuard(AllowedTargets allowed) {
        this.allowed = allowed;
    }

    /**
     * What is wrong with a URL, going on from the field's name: its form, its port, or an address in it that is not allowed. Empty: it
     * may be kept, though its name may yet turn out to lead to an address that is not allowed.
     */
    public Optional<String> check(String url) {
        TargetUrl target;
        try {
            target = TargetUrl.parse(url);
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        List<InetAddress> known = target.known();
        if (known.isEmpty() || known.stream().anyMatch(this::allows)) {
            return Optional.empty();
        }
        return Optional.of("leads to " + refusal(known, "which "));
    }

    boolean allows(InetAddress address) {
        InetAddress reached = SpecialAddresses.unmapped(address);
        return SpecialAddresses.isPublic(reached) || allowed.contain(reached);
    }

    /**
     * Those of the addresses that a connection may be made to.
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
        StringBuilder addresses = new StringBuilder();
        StringBuilder networks = new StringBuilder();
        for (InetAddress address : refused.subList(0, Math.min(refused.size(), NAMED_MAX))) {
            InetAddress reached = SpecialAddresses.unmapped(address);
            addresses.append(addresses.isEmpty() ? "" : ", ").append(SpecialAddresses.text(reached.getAddress()));
            networks.append(networks.isEmpty() ? "" : ",").append(AllowedTargets.Cidr.of(reached));
        }
        boolean one = refused.size() == 1;
        return addresses + (relative.isEmpty() ? " " : ", ") + relative + (one ? "is" : "are") + " not allowed; allow "
                + (one ? "it" : "them") + " with --allow-targets " + networks;
    }
}
