/** What {@code rung doctor} looks at: one class a thing, each answering {@link dev.rung.cli.doctor.CheckResult}s. */
@NullMarked
package dev.rung.cli.doctor;

import org.jspecify.annotations.NullMarked;
