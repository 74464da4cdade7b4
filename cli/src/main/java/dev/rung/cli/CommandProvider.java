package dev.rung.cli;

/** Adds a command that is not part of the distributed jar, such as the benchmark. Found with {@link java.util.ServiceLoader}. */
public interface CommandProvider {
    /** A picocli command. */
    Object command();
}
