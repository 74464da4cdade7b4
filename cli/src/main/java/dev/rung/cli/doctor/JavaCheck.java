package dev.rung.cli.doctor;

import dev.rung.core.port.CheckResult;
import java.util.List;

/** Checks the JVM of this command, which a server would use too. */
final class JavaCheck implements Check {
    private static final int VERSION_MIN = 25;
    private static final long HEAP_MIN = 256L << 20;

    @Override
    public List<CheckResult> run() {
        CheckResult.Report report = new CheckResult.Report("java");
        int version = Runtime.version().feature();
        long memory = memory();
        if (version < VERSION_MIN) {
            report.wrong("version " + version, "install JDK " + VERSION_MIN + " and set JAVA_HOME");
        } else {
            report.ok(Runtime.version() + ", " + System.getProperty("java.vendor", "vendor unknown") + ", "
                    + Runtime.getRuntime().availableProcessors() + " processors, " + (memory >> 20) + " MiB of memory");
        }
        if (memory / 4 < HEAP_MIN) {
            report.note(
                    "the default heap, a quarter of the memory, is small",
                    "add memory, or set JDK_JAVA_OPTIONS=-Xmx512m");
        }
        return report.results();
    }

    /** The memory of this machine or container. */
    private static long memory() {
        return java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }
}
