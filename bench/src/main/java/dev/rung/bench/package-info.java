/**
 * The benchmark that anyone can rerun: a server as a process of its own, a merchant and a producer here, all on one machine.
 *
 * <p>Read {@link dev.rung.bench.BenchCommand} first, then a {@link dev.rung.bench.Scenario}. Figures are medians of several
 * runs in a warm process, beside a limit that was measured in the same run.
 */
@NullMarked
package dev.rung.bench;

import org.jspecify.annotations.NullMarked;
