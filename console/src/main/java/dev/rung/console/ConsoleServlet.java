package dev.rung.console;

import dev.rung.web.Problem;
import dev.rung.web.ProblemAdvice;
import dev.rung.web.ProblemException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves the console's pages: opens the session, rejects cross-site requests, checks permission and CSRF token, calls the page's handler and
 * renders problems as pages.
 */
public final class ConsoleServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int FORM_BYTES_MAX = 64 << 10;
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
                    + "base-uri 'none'; frame-ancestors 'none'";

    private final transient Supplier<ConsoleRoutes> make;
    private transient @Nullable ConsoleRoutes console;

    /**
     * @param make creates the console; called at the first request, so that a server without console users does not pay for it
     */
    public ConsoleServlet(Supplier<ConsoleRoutes> make) {
        this.make = make;
    }

    /** The URL patterns of the console. */
    public static String[] paths() {
        return new String[] {
            "",
            "/sign-in",
            "/sign-out",
            "/preferences",
            "/console/*",
            "/notifications/*",
            "/orders/*",
            "/merchants/*",
            "/ladders/*",
            "/resend/*",
            "/payments/*",
            "/discrepancies/*",
            "/audit/*"
        };
    }

    /** Called by the container once, before the first request. */
    @Override
    public void init() {
        console = make.get();
    }

    @Override
    public void service(ServletRequest servletRequest, ServletResponse servletResponse) throws IOException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        ConsoleRoutes c = console;
        if (c == null) {
            throw new IllegalStateException("the container has not initialised the console");
        }
        response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        if (request.getRequestURI().startsWith(Assets.PATH)) {
            c.assets().serve(request.getRequestURI(), request, response);
            return;
        }
        response.setHeader("Cache-Control", "no-store");
        Language language =
                Language.of(cookie(request, Preferences.LANGUAGE_COOKIE), request.getHeader("Accept-Language"));
        Theme theme = Theme.of(cookie(request, Preferences.THEME_COOKIE));
        PageRequest visit = new PageRequest(request, null, language, theme, Map.of(), Form.EMPTY, Form.EMPTY);
        try {
            Pages.Found found = c.pages().find(request.getMethod(), request.getRequestURI());
            visit = new PageRequest(
                    request,
                    session(c, request),
                    language,
                    theme,
                    found == null ? Map.of() : found.variables(),
                    Form.parse(request.getQueryString()),
                    form(request));
            write(c, visit, answer(c, visit, found), response);
        } catch (ProblemException e) {
            write(c, visit, c.problem(visit, e.problem()), response);
        } catch (UncheckedIOException e) {
            throw e.getCause(); // the browser closed the connection
        } catch (RuntimeException e) {
            Problem problem = ProblemAdvice.problemOf(e, request.getMethod() + " " + request.getRequestURI());
            write(c, visit, c.problem(visit, problem), response);
        }
    }

    private static PageResponse answer(ConsoleRoutes c, PageRequest visit, Pages.@Nullable Found found) {
        if (visit.request().getMethod().equals("POST")) {
            checkOrigin(visit.request());
        }
        if (found == null) {
            return visit.session() == null
                    ? signInFirst(visit)
                    : c.problem(visit, Problem.notFound("page_not_found", "Page not found."));
        }
        ConsoleSession session = visit.session();
        if (found.page().permission() != Pages.Permission.PUBLIC && session == null) {
            return signInFirst(visit);
        }
        if (session != null
                && found.page().permission() != Pages.Permission.PUBLIC
                && found.page().method().equals("POST")) {
            checkToken(visit, session);
        }
        if (found.page().permission() == Pages.Permission.CHANGE && !visit.isOperator()) {
            return c.problem(visit, Problem.forbidden("viewer", "Viewers have read-only access."));
        }
        return found.page().handler().handle(visit);
    }

    /**
     * Redirects to the sign-in page. After a cross-site link the browser withholds the {@code SameSite=Strict} cookie, so the page is reloaded once
     * from this site before the session counts as absent.
     */
    private static PageResponse signInFirst(PageRequest visit) {
        HttpServletRequest request = visit.request();
        if ("cross-site".equals(request.getHeader("Sec-Fetch-Site"))
                && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
                && request.getMethod().equals("GET")) {
            return new PageResponse.Html(200, "reload", Map.of());
        }
        boolean comesBack = request.getMethod().equals("GET") && !visit.wantsPart();
        String next = comesBack && !visit.address().equals("/") ? "?next=" + PageFormat.url(visit.address()) : "";
        return new PageResponse.Redirect("/sign-in" + next);
    }

    /** Checks {@code Sec-Fetch-Site} and {@code Origin}; without these headers the CSRF token protects. */
    private static void checkOrigin(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        boolean foreign = site != null
                ? !site.equals("same-origin") && !site.equals("none")
                : origin != null && !origin.endsWith("://" + request.getHeader("Host"));
        if (foreign) {
            throw Problem.forbidden("cross_site", "The request came from another site.")
                    .asException();
        }
    }

    private static void checkToken(PageRequest visit, ConsoleSession session) {
        String token = visit.request().getHeader("X-CSRF-Token");
        String given = token == null ? visit.form().shown("csrf") : token;
        if (!MessageDigest.isEqual(
                given.getBytes(StandardCharsets.UTF_8), session.csrf().getBytes(StandardCharsets.UTF_8))) {
            throw Problem.forbidden("csrf", "The form is not valid for this session.")
                    .asException();
        }
    }

    private static @Nullable ConsoleSession session(ConsoleRoutes c, HttpServletRequest request) {
        String sealed = cookie(request, c.signIn().cookieName(request));
        return sealed == null ? null : c.sessions().open(sealed).orElse(null);
    }

    private static @Nullable String cookie(HttpServletRequest request, String name) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(name)) {
                    return cookie.getValue();
                }
            }
        }
        return null;
    }

    private static Form form(HttpServletRequest request) {
        if (!request.getMethod().equals("POST")) {
            return Form.EMPTY;
        }
        try {
            byte[] body = request.getInputStream().readNBytes(FORM_BYTES_MAX + 1);
            if (body.length > FORM_BYTES_MAX) {
                throw Problem.tooLarge(FORM_BYTES_MAX).asException();
            }
            return Form.parse(new String(body, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the form", e);
        }
    }

    private static void write(ConsoleRoutes c, PageRequest visit, PageResponse page, HttpServletResponse response)
            throws IOException {
        switch (page) {
            case PageResponse.Html html -> {
                String text = c.render(visit, html);
                send(visit, response, html.status(), "text/html; charset=utf-8", text);
            }
            case PageResponse.Text text ->
                send(visit, response, text.status(), "text/plain; charset=utf-8", text.text());
            case PageResponse.Redirect redirect -> redirect(visit, response, redirect);
            // htmx stops polling at 286 and keeps the content at 204.
            case PageResponse.Unchanged unchanged -> response.setStatus(unchanged.over() ? 286 : 204);
            case PageResponse.Events events -> {
                response.setContentType("text/event-stream");
                response.setHeader("X-Accel-Buffering", "no");
                events.stream().writeTo(response.getOutputStream());
            }
        }
    }

    private static void redirect(PageRequest visit, HttpServletResponse response, PageResponse.Redirect redirect) {
        redirect.cookies().forEach(cookie -> response.addHeader("Set-Cookie", cookie));
        if (visit.wantsPart()) {
            response.setHeader("HX-Redirect", redirect.location()); // makes htmx load the whole page
            response.setStatus(200);
        } else {
            response.setStatus(303);
            response.setHeader("Location", redirect.location());
        }
    }

    private static void send(
            PageRequest visit, HttpServletResponse response, int status, String contentType, String text)
            throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        if (status == 429) {
            response.setHeader("Retry-After", "60");
        }
        response.setContentType(contentType);
        response.setContentLength(body.length);
        if (!visit.request().getMethod().equals("HEAD")) {
            response.getOutputStream().write(body);
        }
    }
}
