/**
 * Bad days, each against the real thing: the built server as a process of its own, killed, starved, cut off. {@link
 * dev.rung.server.baddays.ServerProcess} is the server, {@link dev.rung.server.baddays.Traffic} what it was asked to deliver, {@link
 * dev.rung.server.baddays.Recorder} what merchants saw of it.
 */
package dev.rung.server.baddays;
