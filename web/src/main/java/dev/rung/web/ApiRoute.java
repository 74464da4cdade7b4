package dev.rung.web;

/**
 * A route of the API.
 *
 * @param path with variables in braces: {@code /v1/notifications/{id}}
 */
public record ApiRoute(String method, String path, Access access, Handler handler) {}
