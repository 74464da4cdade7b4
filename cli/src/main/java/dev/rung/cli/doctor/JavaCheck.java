package dev.rung.cli.doctor;

import dev.rung.core.port.CheckResult;
import java.util.List;

/** The JVM that this command runs on, which is the one a server would run on. */
final class JavaCheck implements Check {
    private static final int VERSION_MIN = 25;
    private static final long HEAP_MIN = 256L << 20;

    @Override
    public List<CheckResult> run() {
        CheckResult.Report report = new CheckResult.Report("java");
        int version = Runtime.version().feature();
        long memory = memory();
        if (version < VERSION_MIN) {
            report.wrong("version " + version, "install JDK " + VERSION_MIN + " and let JAVA_HOME name its folder");
        } else {
            report.ok(Runtime.version() + ", " + System.getProperty("java.vendor", "vendor unknown") + ", "
                    + Runtime.getRuntime().availableProcessors() + " processors, " + (memory >> 20) + " MiB of memory");
        }
        if (memory / 4 < HEAP_MIN) {
            report.note(
                    "a quarter of the memory would be the server's heap, which is little",
                    "give it more, or set JDK_JAVA_OPTIONS=-Xmx512m");
        }
        return report.results();
    }

    /** What this machine, or this container, has. */
    private static long memory() {
        return java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }
}
