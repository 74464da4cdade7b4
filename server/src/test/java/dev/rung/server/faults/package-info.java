/**
 * Fault tests against the built server as a process: killed, limited, disconnected. {@link
 * dev.rung.server.faults.ServerProcess} is the server, {@link dev.rung.server.faults.TrafficGenerator} the platform,
 * {@link dev.rung.server.faults.RecordingMerchant} the merchant, and {@link dev.rung.server.faults.DeliveryAudit}
 * compares them.
 */
package dev.rung.server.faults;
