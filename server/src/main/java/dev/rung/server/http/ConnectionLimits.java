package dev.rung.server.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Limits of connections.
 *
 * @param total open at once; beyond it, the one that has kept the server waiting longest is closed for each new one
 * @param perAddress open at once from one address that is not exempt; IPv6 addresses count by their /64 network
 * @param exempt proxies, which bring many clients from one address
 * @param deadline for a whole head with the TLS handshake before it, for a body, and for the reading of a response
 * @param bytesPerSecond a body or a response gets a second more for as many bytes
 */
public record ConnectionLimits(
        int total, int perAddress, Predicate<InetAddress> exempt, Duration deadline, int bytesPerSecond) {
    /** What a connection costs at most: Tomcat's buffers and a blocked virtual thread, measured at 118 KiB. */
    private static final int CONNECTION_BYTES = 128 << 10;

    private static final int TOTAL_MIN = 128;
    private static final int TOTAL_MAX = 10_000;
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final int BYTES_PER_SECOND = 64 << 10;

    /** Connections take a quarter of the heap at most, and half of the file descriptors. */
    public static ConnectionLimits ofProcess(Predicate<InetAddress> exempt) {
        long byHeap = Runtime.getRuntime().maxMemory() / 4 / CONNECTION_BYTES;
        long byFiles = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount() / 2
                : TOTAL_MAX;
        int total = Math.clamp(Math.min(byHeap, byFiles), TOTAL_MIN, TOTAL_MAX);
        return new ConnectionLimits(total, total / 2, exempt, DEADLINE, BYTES_PER_SECOND);
    }
}
