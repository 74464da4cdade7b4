package dev.rung.console;

/** What merchants may see and do in the console: their portal. Every page checks that what it shows belongs to the merchant. */
final class PortalPaths {
    /** Pages and their parts. */
    static final String[] PAGES = {
        "/",
        "/notifications",
        "/notifications/rows",
        "/notifications/{id}",
        "/notifications/{id}/live",
        "/notifications/{id}/payload",
        "/payments",
        "/payments/rows",
        "/payments/{id}",
        "/payments/{id}/live",
        "/orders/{merchant}",
        "/merchants/{id}",
        "/merchants/{id}/health",
        "/merchants/{id}/endpoints"
    };

    /** What a merchant may do with each role. */
    static final String[] RESENDS = {"/notifications/{id}/resend", "/payments/{id}/sync"};

    /** What a merchant may do with the role manage. */
    static final String[] CHANGES = {
        "/merchants/{id}/test",
        "/merchants/{id}/rotate-secret",
        "/merchants/{id}/keys",
        "/merchants/{id}/keys/{key}/end",
        "/merchants/{id}/endpoints",
        "/merchants/{id}/endpoints/{endpoint}/{action}"
    };

    private PortalPaths() {}
}
