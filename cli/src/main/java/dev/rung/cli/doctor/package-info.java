/**
 * What {@code rung doctor} checks of the machine and the settings, one class each; stores and queues bring their own checks. Read {@link
 * dev.rung.cli.doctor.DoctorChecks} first.
 */
@NullMarked
package dev.rung.cli.doctor;

import org.jspecify.annotations.NullMarked;
