package dev.rung.console;

import dev.rung.web.ApiServlet;
import dev.rung.web.Problem;
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
 * The way in for browsers: finds out who visits, refuses what a page of another site could have sent, has the visit answered, and turns whatever
 * goes wrong into a page that says so.
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
     * @param make makes the console, when the first browser comes: a server that nobody looks at does without
     */
    public ConsoleServlet(Supplier<ConsoleRoutes> make) {
        this.make = make;
    }

    /** Where it is to be mapped. */
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

    /** Called by the container once, before the first visit. */
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
            throw e.getCause(); // the browser went away
        } catch (RuntimeException e) {
            Problem problem = ApiServlet.problemOf(e, request.getMethod() + " " + request.getRequestURI());
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
                    : c.problem(visit, Problem.notFound(c.say(visit, "problem.no_page")));
        }
        ConsoleSession session = visit.session();
        if (found.page().may() != Pages.May.ANYONE && session == null) {
            return signInFirst(visit);
        }
        if (session != null
                && found.page().may() != Pages.May.ANYONE
                && found.page().method().equals("POST")) {
            checkToken(c, visit, session);
        }
        if (found.page().may() == Pages.May.CHANGE && !visit.isOperator()) {
            return c.problem(visit, Problem.forbidden(c.say(visit, "problem.viewer")));
        }
        return found.page().handler().handle(visit);
    }

    /**
     * Nobody is known. One who came by a link from elsewhere may have signed in all the same: the browser keeps the cookie back then, but not when
     * the page calls itself once more.
     */
    private static PageResponse signInFirst(PageRequest visit) {
        HttpServletRequest request = visit.request();
        if ("cross-site".equals(request.getHeader("Sec-Fetch-Site"))
                && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
                && request.getMethod().equals("GET")) {
            return new PageResponse.Html(200, "again", Map.of());
        }
        boolean comesBack = request.getMethod().equals("GET") && !visit.wantsPart();
        String next = comesBack && !visit.address().equals("/") ? "?next=" + PageFormat.url(visit.address()) : "";
        return new PageResponse.Redirect("/sign-in" + next);
    }

    /** A browser says where a request comes from; one that does not say it is stopped by the token. */
    private static void checkOrigin(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        boolean foreign = site != null
                ? !site.equals("same-origin") && !site.equals("none")
                : origin != null && !origin.endsWith("://" + request.getHeader("Host"));
        if (foreign) {
            throw Problem.forbidden("This came from another site.").asException();
        }
    }

    private static void checkToken(ConsoleRoutes c, PageRequest visit, ConsoleSession session) {
        String token = visit.request().getHeader("X-CSRF-Token");
        String given = token == null ? visit.form().shown("csrf") : token;
        if (!MessageDigest.isEqual(
                given.getBytes(StandardCharsets.UTF_8), session.csrf().getBytes(StandardCharsets.UTF_8))) {
            throw Problem.forbidden(c.say(visit, "problem.csrf")).asException();
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
            throw new UncheckedIOException("the form could not be read", e);
        }
    }

    private static void write(ConsoleRoutes c, PageRequest visit, PageResponse reply, HttpServletResponse response)
            throws IOException {
        switch (reply) {
            case PageResponse.Html html -> {
                String page = c.render(visit, html);
                send(visit, response, html.status(), "text/html; charset=utf-8", page);
            }
            case PageResponse.Text text ->
                send(visit, response, text.status(), "text/plain; charset=utf-8", text.text());
            case PageResponse.Redirect redirect -> redirect(visit, response, redirect);
            // What htmx takes for "ask no more", and for "nothing new".
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
            response.setHeader(
                    "HX-Redirect", redirect.location()); // a part of a page cannot be replaced by a whole one
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
        response.setContentType(contentType);
        response.setContentLength(body.length);
        if (!visit.request().getMethod().equals("HEAD")) {
            response.getOutputStream().write(body);
        }
    }
}
