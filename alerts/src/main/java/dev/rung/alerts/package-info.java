/**
 * Alerts to the operators. {@link dev.rung.alerts.AlertWatch} finds what is wrong, the store counts it, {@link dev.rung.alerts.AlertReporter}
 * makes one delivery of each group, which the engine delivers through {@link dev.rung.alerts.AlertSender}.
 */
@NullMarked
package dev.rung.alerts;

import org.jspecify.annotations.NullMarked;
