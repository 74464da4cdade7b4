package dev.rung.client;

/**
 * One message of the stream of state changes.
 *
 * @param type such as {@code notification.attempted}
 * @param data a JSON object
 */
public record StreamEvent(String type, String data) {}
