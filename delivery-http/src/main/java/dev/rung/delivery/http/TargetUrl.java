package dev.rung.delivery.http;

import dev.rung.core.model.InvalidValueException;
import java.net.IDN;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A parsed merchant URL.
 *
 * <p>Parsed strictly by RFC 3986, except that hosts are parsed as browsers do (WHATWG URL): everything that some resolver would take for an
 * IPv4 address ({@code 127.1}, {@code 0x7f000001}, {@code 2130706433}, {@code 0177.0.0.1}) is parsed as that address here.
 *
 * @param literal the host, where it is an address
 * @param path path and query as given in the URL; never empty
 */
record TargetUrl(ConnectionRoute route, @Nullable InetAddress literal, String path) {
    /** The same target, reached with the TLS of a receiver. */
    TargetUrl withIdentity(SSLContext own) {
        return new TargetUrl(route.withIdentity(own), literal, path);
    }

    private static final int LENGTH_MAX = 2048;
    private static final int NAME_LENGTH_MAX = 253;
    private static final int LABEL_LENGTH_MAX = 63;
    private static final String PATH_PUNCTUATION = "-._~!$&'()*+,;=:@/?";

    private static final List<InetAddress> LOOPBACK =
            List.of(SpecialAddresses.address(new byte[] {127, 0, 0, 1}), InetAddress.ofLiteral("::1"));

    /**
     * Parses a URL.
     *
     * @throws InvalidValueException if Rung cannot send to it: {@code too_long}, or {@code invalid_url} whose first argument is the reason
     */
    static TargetUrl parse(String url) {
        if (url.length() > LENGTH_MAX) {
            throw new InvalidValueException("too_long", "is longer than " + LENGTH_MAX + " characters", LENGTH_MAX);
        }
        boolean tls = url.regionMatches(true, 0, "https://", 0, 8);
        if (!tls && !url.regionMatches(true, 0, "http://", 0, 7)) {
            throw invalid("scheme", "must begin with https:// or http://");
        }
        int start = tls ? 8 : 7;
        int end = start;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        String path = path(url.substring(end));
        String authority = url.substring(start, end);
        if (authority.indexOf('@') >= 0) {
            throw invalid("credentials", "must not contain credentials (user:password@)");
        }
        int colon = authority.startsWith("[") ? authority.indexOf("]:") + 1 : authority.indexOf(':');
        boolean hasPort = authority.startsWith("[") ? colon > 0 : colon >= 0;
        int port = hasPort ? port(authority.substring(colon + 1)) : tls ? 443 : 80;
        String host = hasPort ? authority.substring(0, colon) : authority;
        InetAddress literal = null;
        String name = "";
        if (host.startsWith("[")) {
            literal = ipv6(host);
        } else {
            name = name(host);
            literal = Ipv4Text.read(name);
        }
        String canonical = literal == null ? name : AddressText.of(literal.getAddress());
        return new TargetUrl(new ConnectionRoute(tls, canonical, port, null), literal, path);
    }

    private static String path(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '#') {
                throw invalid("fragment", "must not have a fragment (#…)");
            }
            if (c == '%') {
                if (i + 2 >= text.length() || !isHex(text.charAt(i + 1)) || !isHex(text.charAt(i + 2))) {
                    throw invalid("percent", "has a % that is not followed by two hexadecimal digits");
                }
            } else if (!isAlphanumeric(c) && PATH_PUNCTUATION.indexOf(c) < 0 && c != '[' && c != ']') {
                // Square brackets are not allowed by the RFC, but common in queries (ids[]=1) and harmless.
                throw invalid(
                        "character", "has the character " + shown(c) + ", which must be percent-encoded", shown(c));
            }
        }
        return text.isEmpty() ? "/" : text.startsWith("/") ? text : "/" + text;
    }

    private static int port(String digits) {
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9' || port > 65535) {
                port = -1;
                break;
            }
            port = port * 10 + (c - '0');
        }
        if (digits.isEmpty() || port < 0 || port > 65535) {
            throw invalid("port", "has a port that is not a number from 1 to 65535");
        }
        if (port != 80 && port != 443 && port < 1024) {
            throw invalid(
                    "port_allowed",
                    "uses port " + port + "; only 80, 443 and those from 1024 upwards are allowed",
                    Integer.toString(port));
        }
        return port;
    }

    private static InetAddress ipv6(String host) {
        String inside = host.endsWith("]") ? host.substring(1, host.length() - 1) : "";
        if (inside.indexOf('%') >= 0) {
            throw invalid("ipv6_zone", "has an IPv6 address with a zone, which is not allowed");
        }
        try {
            if (inside.indexOf(':') >= 0) {
                return InetAddress.ofLiteral(inside);
            }
        } catch (IllegalArgumentException _) {
            // Reported below.
        }
        throw invalid("ipv6", "has brackets that do not contain an IPv6 address");
    }

    /** In lower case and ASCII, without a trailing dot. */
    private static String name(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) > 0x7f) {
                name = ascii(name);
                break;
            }
        }
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        if (name.isEmpty()) {
            throw invalid("host", "has no host");
        }
        if (name.length() > NAME_LENGTH_MAX) {
            throw invalid("host_length", "has a host of more than " + NAME_LENGTH_MAX + " characters", NAME_LENGTH_MAX);
        }
        int label = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.' ? label == 0 : !isAlphanumeric(c) && c != '-' && c != '_') {
                throw c == '.' ? emptyLabel() : invalid("host_symbol", "has a host with " + shown(c), shown(c));
            }
            label = c == '.' ? 0 : label + 1;
            if (label > LABEL_LENGTH_MAX) {
                throw invalid(
                        "host_label_length",
                        "has a host with a label of more than " + LABEL_LENGTH_MAX + " characters",
                        LABEL_LENGTH_MAX);
            }
        }
        if (label == 0) {
            throw emptyLabel();
        }
        return name;
    }

    /** By IDNA 2003, which the JDK implements; names that need IDNA 2008 can be given in punycode. */
    private static String ascii(String name) {
        try {
            return IDN.toASCII(name).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException _) {
            throw invalid("host_idn", "has a host that is not a valid internationalised name");
        }
    }

    private static InvalidValueException emptyLabel() {
        return invalid("host_label", "has a host with an empty label");
    }

    private static InvalidValueException invalid(String reason, String message, Object... values) {
        Object[] arguments = new Object[values.length + 1];
        arguments[0] = reason;
        System.arraycopy(values, 0, arguments, 1, values.length);
        return new InvalidValueException("invalid_url", message, arguments);
    }

    private static boolean isAlphanumeric(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    private static boolean isHex(char c) {
        return Character.digit(c, 16) >= 0 && c < 0x80;
    }

    private static String shown(char c) {
        return c > 0x20 && c < 0x7f ? "\"" + c + "\"" : String.format(Locale.ROOT, "U+%04X", (int) c);
    }

    /** Addresses known without a lookup: a literal, or those of localhost (RFC 6761). */
    List<InetAddress> known() {
        InetAddress address = literal;
        if (address != null) {
            return List.of(address);
        }
        String host = route.host();
        return host.equals("localhost") || host.endsWith(".localhost") ? LOOPBACK : List.of();
    }

    /** The value of the {@code Host} header. */
    String hostHeader() {
        String host = route.host().indexOf(':') >= 0 ? "[" + route.host() + "]" : route.host();
        return route.port() == (route.tls() ? 443 : 80) ? host : host + ":" + route.port();
    }
}
