/**
 * Bad days, each against the real thing: the built server as a process of its own, killed, starved, cut off. {@link
 * dev.rung.server.faults.ServerProcess} is the server, {@link dev.rung.server.faults.TrafficGenerator} what it was asked to deliver, {@link
 * dev.rung.server.faults.RecordingMerchant} what merchants saw of it.
 */
package dev.rung.server.faults;
