package dev.rung.delivery.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** The networks of {@code --allow-targets}: notifications may reach them although they are loopback, private, link-local or otherwise special. */
public record AllowedTargets(List<Cidr> networks) {
    /** Public addresses only. */
    public static final AllowedTargets NONE = new AllowedTargets(List.of());

    public AllowedTargets {
        networks = List.copyOf(networks);
    }

    /**
     * Reads comma-separated networks, such as {@code 127.0.0.0/8,fd00::/8,10.1.2.3}; empty text means none.
     *
     * @throws IllegalArgumentException if one is malformed; the message quotes it and says what is wrong
     */
    public static AllowedTargets parse(String text) {
        List<Cidr> networks = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                networks.add(Cidr.parse(part.strip()));
            }
        }
        return new AllowedTargets(networks);
    }

    boolean contain(InetAddress address) {
        byte[] bytes = address.getAddress();
        for (Cidr network : networks) {
            if (network.contains(bytes)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return String.join(",", networks.stream().map(Cidr::toString).toList());
    }
}
