package dev.rung.delivery.http;

import dev.rung.core.model.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/** Opens connections: name lookup, address check, TCP (through the proxy, if there is one), TLS. Thread-safe. */
final class ConnectionOpener implements AutoCloseable {
    private static final int PROXY_HEAD_BYTES_MAX = 8 * 1024;

    private final GuardedDns lookups;
    private final SSLContext tls;
    private final @Nullable HttpProxy proxy;
    /** The proxy is configured by the operator, so its address is not restricted. */
    private final GuardedDns proxyLookups;

    private final EgressGuard guard;

    ConnectionOpener(NameResolver resolver, EgressGuard guard, SSLContext tls, @Nullable HttpProxy proxy) {
        this.guard = guard;
        this.lookups = new GuardedDns(resolver, guard);
        this.tls = tls;
        this.proxy = proxy;
        this.proxyLookups = new GuardedDns(resolver, new EgressGuard(AllowedTargets.parse("0.0.0.0/0,::/0")));
    }

    /** Notified of each phase and each socket, so that the attempt can be aborted from outside. */
    interface Progress {
        void reached(AttemptPhase phase);

        /**
         * Called with a new socket, before it is used.
         *
         * @throws IOException if the deadline has passed
         */
        void opened(SocketChannel channel) throws IOException;
    }

    /**
     * Opens a connection. Blocks: call it on a virtual thread and interrupt it at the deadline.
     *
     * @param deadline {@link System#nanoTime}; the remaining time is divided among several addresses
     * @throws RefusedException if the target is not allowed
     * @throws UnreachableException if it cannot be reached
     */
    MerchantConnection connect(TargetUrl target, long deadline, Progress progress)
            throws IOException, InterruptedException {
        progress.reached(AttemptPhase.LOOKING_UP);
        InetAddress literal = target.literal();
        List<InetAddress> addresses =
                literal == null ? lookups.vetted(target.route().host()) : guard.vetted(List.of(literal));
        progress.reached(AttemptPhase.CONNECTING);
        StringBuilder failures = new StringBuilder();
        for (int i = 0; i < addresses.size(); i++) {
            // An address that drops packets must leave time for the others; the last one gets all the remaining time.
            int others = addresses.size() - 1 - i;
            int millis = others == 0 ? 0 : millis((deadline - System.nanoTime()) / (others + 1));
            SocketChannel channel = SocketChannel.open();
            boolean connected = false;
            try {
                progress.opened(channel);
                open(channel, addresses.get(i), target.route().port(), millis);
                MerchantConnection connection = secure(target, channel, progress);
                connected = true;
                return connection;
            } catch (UnreachableException e) {
                if (channel.isConnected()) {
                    throw e;
                }
                failures.append(failures.isEmpty() ? "" : "; ").append(e.getMessage());
            } finally {
                if (!connected) {
                    channel.close();
                }
            }
        }
        throw new UnreachableException(failures.toString());
    }

    private static int millis(long nanos) {
        return Math.clamp(TimeUnit.NANOSECONDS.toMillis(nanos), 1, Integer.MAX_VALUE);
    }

    /**
     * @param millis connect timeout; 0: none, the deadline interrupts
     */
    private void open(SocketChannel channel, InetAddress address, int port, int millis)
            throws IOException, InterruptedException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        HttpProxy through = proxy;
        if (through == null) {
            open(channel, new InetSocketAddress(address, port), millis, AddressText.of(address, port));
            return;
        }
        InetAddress proxyAddress = proxyLookups.vetted(through.host()).getFirst();
        open(
                channel,
                new InetSocketAddress(proxyAddress, through.port()),
                millis,
                "the proxy " + AddressText.of(proxyAddress, through.port()));
        tunnel(channel.socket(), AddressText.of(address, port), through.authorization());
    }

    private static void open(SocketChannel channel, InetSocketAddress to, int millis, String name) throws IOException {
        try {
            channel.socket().connect(to, millis);
        } catch (SocketTimeoutException e) {
            throw new UnreachableException(
                    "no connection to " + name + " within " + Durations.text(Duration.ofMillis(millis)), e);
        } catch (NoRouteToHostException e) {
            throw new UnreachableException("no route to " + name, e);
        } catch (ConnectException e) {
            throw new UnreachableException("connection refused by " + name, e);
        } catch (IOException e) {
            throw new UnreachableException("no connection to " + name + ": " + e.getMessage(), e);
        }
    }

    private static void tunnel(Socket socket, String to, @Nullable String authorization) throws IOException {
        String request = "CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n"
                + (authorization == null ? "" : "Proxy-Authorization: " + authorization + "\r\n") + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
            // Byte by byte: what follows the head comes from the merchant.
            int b = in.read();
            if (b < 0 || head.length() >= PROXY_HEAD_BYTES_MAX) {
                throw new UnreachableException("the proxy did not respond to CONNECT " + to);
            }
            head.append((char) b);
        }
        String status = head.substring(0, head.indexOf("\r\n"));
        if (!status.startsWith("HTTP/1.") || status.length() < 12 || status.charAt(9) != '2') {
            throw new UnreachableException("the proxy responded to CONNECT " + to + " with \"" + status + "\"");
        }
    }

    private MerchantConnection secure(TargetUrl target, SocketChannel channel, Progress progress) throws IOException {
        ConnectionRoute route = target.route();
        boolean isAddress = target.literal() != null;
        if (!route.tls()) {
            return new MerchantConnection(route, channel, channel.socket(), null);
        }
        progress.reached(AttemptPhase.SECURING);
        try {
            SocketBelowTls below = new SocketBelowTls(channel.socket());
            SSLContext identity = route.identity() == null ? tls : route.identity();
            SSLSocket socket =
                    (SSLSocket) identity.getSocketFactory().createSocket(below, route.host(), route.port(), true);
            SSLParameters parameters = socket.getSSLParameters();
            boolean verifiedByJdk = isAddress || HostNameCheck.isSupportedByJdk(route.host());
            if (verifiedByJdk) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            if (!isAddress) {
                // By default the JDK sends no name for a single label or a name with an underscore.
                parameters.setServerNames(List.of(new ServerName(route.host())));
            }
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            below.handshakeDone();
            if (!verifiedByJdk) {
                HostNameCheck.verify(socket.getSession(), route.host());
            }
            return new MerchantConnection(route, channel, socket, below);
        } catch (IOException | CertificateException e) {
            throw new UnreachableException(
                    "TLS with " + route.host() + " failed: " + TlsFailure.explain(e, route.host()), e);
        }
    }

    /** A name for SNI. Unlike {@code SNIHostName} it allows underscores, which {@link TargetUrl} accepts. */
    private static final class ServerName extends SNIServerName {
        ServerName(String host) {
            super(StandardConstants.SNI_HOST_NAME, host.getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Override
    public void close() {
        lookups.close();
        proxyLookups.close();
    }
}
