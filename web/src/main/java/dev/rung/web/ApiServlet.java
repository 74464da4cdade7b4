package dev.rung.web;

import dev.rung.core.flow.Overloaded;
import dev.rung.core.port.StoreException;
import dev.rung.web.RouteTable.Found;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way in: finds out who calls and what for, has it answered, and turns whatever goes wrong into a problem. */
public final class ApiServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ApiServlet.class);
    private static final String BEARER = "Bearer ";

    private final transient RouteTable routes;
    private final transient Authenticator authenticator;
    private final transient BodyBudget budget;
    private final transient BodyBudget strangersBudget;
    private final boolean trustsLocal;

    /**
     * @param trustsLocal whether a call from this machine is this machine's own; behind a proxy it is not
     */
    public ApiServlet(RouteTable routes, Authenticator authenticator, BodyBudget budget, boolean trustsLocal) {
        this.routes = routes;
        this.authenticator = authenticator;
        this.budget = budget;
        strangersBudget = budget.forStrangers();
        this.trustsLocal = trustsLocal;
    }

    @Override
    public void service(ServletRequest servletRequest, ServletResponse servletResponse) throws IOException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        response.setHeader("X-Content-Type-Options", "nosniff"); // much of what is shown here was written by others
        Found found = routes.find(request.getMethod(), request.getRequestURI());
        try (BodyBudget.Share share = (isOpen(found) ? strangersBudget : budget).share()) {
            write(request, response, answer(request, found, share));
        }
    }

    private static boolean isOpen(Found found) {
        return found instanceof Found.Match match && match.route().access() == Access.OPEN;
    }

    private ApiResponse answer(HttpServletRequest request, Found found, BodyBudget.Share share) throws IOException {
        try {
            return route(request, found, share);
        } catch (ProblemException e) {
            return ApiResponse.problem(e.problem());
        } catch (UncheckedIOException e) {
            throw e.getCause(); // the caller went away in the middle of its body
        } catch (RuntimeException e) {
            return ApiResponse.problem(problemOf(e, request.getMethod() + " " + request.getRequestURI()));
        }
    }

    private ApiResponse route(HttpServletRequest request, Found found, BodyBudget.Share share) {
        Caller caller = isOpen(found) ? new Caller.Anyone() : callerOf(request, found);
        if (caller == null) {
            return unauthorized();
        }
        return switch (found) {
            case Found.Nothing n -> ApiResponse.problem(Problem.notFound("There is nothing at this path."));
            case Found.OtherMethods other -> methodNotAllowed(other.allowed());
            case Found.Match match -> {
                Access access = match.route().access();
                if (!access.permits(caller)) {
                    yield ApiResponse.problem(Problem.forbidden("This key may not do that."));
                }
                yield match.route()
                        .handler()
                        .handle(new ApiRequest(new ApiRequest.OverHttp(request, share), caller, match.variables()));
            }
        };
    }

    /** Whose call it is; null if a key is needed and there is no valid one. Outside {@code /v1} nothing is there to be hidden. */
    private @Nullable Caller callerOf(HttpServletRequest request, Found found) {
        boolean local = found instanceof Found.Match match && match.route().access() == Access.LOCAL;
        if (local && trustsLocal && isLoopback(request.getRemoteAddr())) {
            return new Caller.Viewer();
        }
        String authorization = request.getHeader("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authenticator.callerOf(
                    authorization.substring(BEARER.length()).strip());
        }
        boolean hidden = local || request.getRequestURI().startsWith("/v1/") || found instanceof Found.Match;
        return hidden ? null : new Caller.Anyone();
    }

    private static boolean isLoopback(String address) {
        return InetAddress.ofLiteral(address).isLoopbackAddress();
    }

    private static ApiResponse unauthorized() {
        return withHeader(ApiResponse.problem(Problem.unauthorized()), "WWW-Authenticate", "Bearer realm=\"rung\"");
    }

    private static ApiResponse methodNotAllowed(String allowed) {
        return withHeader(ApiResponse.problem(Problem.methodNotAllowed(allowed)), "Allow", allowed);
    }

    private static ApiResponse withHeader(ApiResponse answer, String name, String value) {
        return answer instanceof ApiResponse.Whole whole
                ? new ApiResponse.Whole(whole.status(), whole.contentType(), whole.body(), Map.of(name, value))
                : answer;
    }

    /**
     * What a handler's failure means to the caller.
     *
     * @param call what was asked for, for the log
     */
    public static Problem problemOf(RuntimeException failure, String call) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Overloaded) {
            return Problem.unavailable("Too much is waiting to be stored.", 1);
        }
        if (cause instanceof StoreException) {
            // Told once by the engine when the store goes away; not thousands of times a second by whoever calls
            // meanwhile.
            LOG.debug("{} failed", call, cause);
            return Problem.unavailable("The storage cannot be used now.", 2);
        }
        LOG.error("{} failed", call, cause);
        return Problem.internal();
    }

    private static void write(HttpServletRequest request, HttpServletResponse response, ApiResponse answer)
            throws IOException {
        switch (answer) {
            case ApiResponse.Whole whole -> {
                response.setStatus(whole.status());
                whole.headers().forEach(response::setHeader);
                if (!whole.contentType().isEmpty()) {
                    response.setContentType(whole.contentType());
                }
                response.setContentLength(whole.body().length);
                if (!request.getMethod().equals("HEAD")) {
                    response.getOutputStream().write(whole.body());
                }
            }
            case ApiResponse.Streamed streamed -> {
                response.setContentType(streamed.contentType());
                response.setHeader("Cache-Control", "no-store");
                try (ApiResponse.Body body = streamed.body()) {
                    if (!request.getMethod().equals("HEAD")) {
                        body.writeTo(response.getOutputStream());
                    }
                }
            }
        }
    }
}
