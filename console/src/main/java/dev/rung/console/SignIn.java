package dev.rung.console;

import dev.rung.core.model.Ids;
import dev.rung.core.port.AuditLog;
import dev.rung.web.Authenticator;
import dev.rung.web.Caller;
import dev.rung.web.WrongKeyLimit;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Sign-in with a key, and sign-out. Thread-safe. */
final class SignIn {
    private static final String COOKIE = "rung_session";
    private static final int KEY_LENGTH_MAX = 1_000;

    private final Authenticator authenticator;
    private final Sessions sessions;
    private final WrongKeyLimit wrongKeys;
    private final AuditLog audit;
    private final Ids ids;
    private final InstantSource clock;
    private final PublicExposure exposure;

    SignIn(ConsoleDependencies parts, Sessions sessions) {
        this.authenticator = parts.authenticator();
        this.sessions = sessions;
        this.wrongKeys = parts.wrongKeys();
        this.audit = parts.audit();
        this.ids = parts.ids();
        this.clock = parts.clock();
        this.exposure = parts.exposure();
    }

    /** The name of the session cookie. Browsers share cookies between the ports of a host, so the name contains the port. */
    String cookieName(HttpServletRequest request) {
        return exposure.tls() ? "__Host-" + COOKIE : COOKIE + "_" + request.getServerPort();
    }

    /** {@code GET /sign-in} */
    PageResponse show(PageRequest visit) {
        return visit.session() == null
                ? page(visit, 200, "")
                : new PageResponse.Redirect(Paths.local(visit.query().shown("next")));
    }

    private static PageResponse page(PageRequest visit, int status, String error) {
        String next = visit.form().has("next")
                ? visit.form().shown("next")
                : visit.query().shown("next");
        return new PageResponse.Html(status, "sign-in", Map.of("next", Paths.local(next), "error", error));
    }

    /** {@code POST /sign-in} */
    PageResponse signIn(PageRequest visit) {
        String key = visit.form().shown("key");
        Caller caller = key.isEmpty() || key.length() > KEY_LENGTH_MAX ? null : authenticator.callerOf(key);
        return switch (caller) {
            case Caller.Operator operator -> begin(visit, operator);
            case Caller.Viewer viewer -> begin(visit, viewer);
            case Caller.OfMerchant merchant -> page(visit, 403, "sign_in.merchants_key");
            case null ->
                wrongKeys.count(visit.request().getRemoteAddr()) > 0
                        ? page(visit, 429, "sign_in.too_many")
                        : page(visit, 401, "sign_in.wrong_key");
        };
    }

    private PageResponse begin(PageRequest visit, Caller caller) {
        String cookie = sessions.begin(caller);
        audit(caller, "console.sign_in");
        return new PageResponse.Redirect(
                Paths.local(visit.form().shown("next")),
                List.of(cookie(visit.request(), cookie, Sessions.LIFE.toSeconds())));
    }

    /** {@code POST /sign-out} */
    PageResponse signOut(PageRequest visit) {
        ConsoleSession session = visit.session();
        if (session != null) {
            sessions.end(session);
            audit(session.caller(), "console.sign_out");
        }
        return new PageResponse.Redirect("/sign-in", List.of(cookie(visit.request(), "", 0)));
    }

    private void audit(Caller caller, String action) {
        audit.write(new AuditLog.Entry(ids.next(), clock.millis(), caller.actor(), action, "console", "{}"));
    }

    private String cookie(HttpServletRequest request, String value, long seconds) {
        return cookieName(request) + "=" + value + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict"
                + (exposure.tls() ? "; Secure" : "");
    }
}
