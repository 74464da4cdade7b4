package dev.rung.client;

/**
 * An event of the stream.
 *
 * @param type such as {@code notification.attempted}
 * @param data a JSON object
 */
public record StreamEvent(String type, String data) {}
