package dev.rung.web;

/**
 * One kind of call.
 *
 * @param path with variables in braces: {@code /v1/notifications/{id}}
 */
public record ApiRoute(String method, String path, Access access, Handler handler) {}
