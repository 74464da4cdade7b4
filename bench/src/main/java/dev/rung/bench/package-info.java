/**
 * The benchmark: a server in a separate process, a merchant and a producer in this process, all on one machine.
 *
 * <p>Read {@link dev.rung.bench.BenchCommand} first, then a {@link dev.rung.bench.Scenario}. Figures are medians of
 * several runs in a warm process, beside a limit that was measured in the same run.
 */
@NullMarked
package dev.rung.bench;

import org.jspecify.annotations.NullMarked;
