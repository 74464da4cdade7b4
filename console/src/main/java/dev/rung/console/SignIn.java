package dev.rung.console;

import dev.rung.api.ApiKeys;
import dev.rung.api.AuditRecorder;
import dev.rung.api.PortalLinkService;
import dev.rung.web.Caller;
import dev.rung.web.RefusedCalls;
import dev.rung.web.WrongKeyLimit;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;

/** Sign-in with a key or a portal link, and sign-out; {@link OidcSignIn} is the other way to sign in. Thread-safe. */
@Lazy
@Controller
final class SignIn {
    private static final int KEY_LENGTH_MAX = 1_000;
    /** Why a sign-in by OpenID Connect failed. */
    private static final Set<String> FAILURES = Set.of("oidc", "oidc_access", "oidc_unavailable");

    private final ApiKeys apiKeys;
    private final PortalLinkService links;
    private final ConsoleSettings settings;
    private final Sessions sessions;
    private final SessionCookies cookies;
    private final WrongKeyLimit wrongKeys;
    private final RefusedCalls refused;
    private final AuditRecorder audit;

    SignIn(
            ApiKeys apiKeys,
            PortalLinkService links,
            ConsoleSettings settings,
            Sessions sessions,
            SessionCookies cookies,
            WrongKeyLimit wrongKeys,
            RefusedCalls refused,
            AuditRecorder audit) {
        this.apiKeys = apiKeys;
        this.links = links;
        this.settings = settings;
        this.sessions = sessions;
        this.cookies = cookies;
        this.wrongKeys = wrongKeys;
        this.refused = refused;
        this.audit = audit;
    }

    @GetMapping("/sign-in")
    ModelAndView show(Form query, @Nullable ConsoleSession session) {
        return session == null
                ? page(query, 200, FAILURES.contains(query.shown("failed")) ? "sign_in." + query.shown("failed") : "")
                : Views.redirect(Paths.local(query.shown("next")));
    }

    private ModelAndView page(Form form, int status, String error) {
        String next = Paths.local(form.shown("next"));
        String oidc = settings.oidc() == null ? "" : OidcSignIn.START + "?next=" + PageFormat.url(next);
        return Views.page(status, "sign-in", Map.of("next", next, "error", error, "oidc", oidc));
    }

    @PostMapping("/sign-in")
    ModelAndView signIn(Form form, HttpServletRequest request, HttpServletResponse response) {
        String key = form.shown("key");
        Caller caller = key.isEmpty() || key.length() > KEY_LENGTH_MAX ? null : apiKeys.callerOf(key);
        if (caller == null) {
            return wrongKey(form, request, response);
        }
        return switch (caller.role()) {
            case OPERATOR, VIEWER, MERCHANT_VIEW, MERCHANT_MANAGE -> begin(form, request, caller);
            case INTAKE -> page(form, 403, "sign_in.intake_key");
        };
    }

    /** A portal link: signs its holder in as a merchant, once. */
    @GetMapping("/sign-in/portal")
    ModelAndView byLink(Form query, HttpServletRequest request) {
        if (request.getMethod().equals("HEAD")) {
            return page(Form.EMPTY, 200, ""); // mail and chat servers open links before their readers do
        }
        Caller caller = links.use(query.shown("token")).orElse(null);
        if (caller == null) {
            refused.count(RefusedCalls.SIGN_IN, null, request.getRemoteAddr());
            return page(Form.EMPTY, 401, "sign_in.link");
        }
        return begin(Form.EMPTY, request, caller);
    }

    private ModelAndView begin(Form form, HttpServletRequest request, Caller caller) {
        String sealed = sessions.begin(caller);
        audit.write(caller, request.getRemoteAddr(), "console.sign_in", "console");
        return Views.redirect(Paths.local(form.shown("next")), List.of(cookies.of(request, sealed, Sessions.LIFE)));
    }

    @PostMapping("/sign-out")
    ModelAndView signOut(ConsoleSession session, HttpServletRequest request) {
        sessions.end(session);
        audit.write(session.caller(), request.getRemoteAddr(), "console.sign_out", "console");
        return Views.redirect("/sign-in", List.of(cookies.of(request, "", Duration.ZERO)));
    }

    private ModelAndView wrongKey(Form form, HttpServletRequest request, HttpServletResponse response) {
        refused.count(RefusedCalls.SIGN_IN, null, request.getRemoteAddr());
        if (wrongKeys.count(request.getRemoteAddr()) > 0) {
            response.setHeader("Retry-After", "60");
            return page(form, 429, "sign_in.too_many");
        }
        return page(form, 401, "sign_in.wrong_key");
    }
}
