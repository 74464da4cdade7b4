/** What {@code rung doctor} looks at: one class a thing, each answering {@link dev.rung.server.cli.doctor.CheckResult}s. */
@NullMarked
package dev.rung.server.cli.doctor;

import org.jspecify.annotations.NullMarked;
