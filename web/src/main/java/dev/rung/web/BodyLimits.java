package dev.rung.web;

/** The largest body that each path takes. */
final class BodyLimits {
    /** For forms, callbacks, and requests with a few members. */
    static final int SMALL = 64 << 10;
    /** For requests that name one thing, or nothing. */
    static final int TINY = 16 << 10;
    /** A payload of 256 KiB and the other members. */
    static final int NOTIFICATION = 320 << 10;
    /** For merchants and channel accounts: headers, certificates and keys. */
    static final int WITH_KEYS = 192 << 10;

    private BodyLimits() {}

    /** In bytes; of a compressed body, inflated. */
    static int bytesMax(String path) {
        if (!path.startsWith("/v1/")) {
            return SMALL;
        }
        return switch (path) {
            case "/v1/notifications" -> NOTIFICATION;
            case "/v1/notifications/batch", "/v1/reconciliations" -> BodyBudget.BODY_BYTES_MAX;
            default -> {
                if (path.startsWith("/v1/notifications/")) {
                    yield TINY;
                }
                yield path.startsWith("/v1/merchants") || path.startsWith("/v1/channels") ? WITH_KEYS : SMALL;
            }
        };
    }

    /** Whether a body may be compressed. */
    static boolean takesGzip(String path) {
        return path.equals("/v1/notifications") || path.equals("/v1/notifications/batch");
    }
}
