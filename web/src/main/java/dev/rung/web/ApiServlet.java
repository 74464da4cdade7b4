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

/** The API's servlet: finds the route, authenticates the caller, checks permission, calls the handler and turns exceptions into problem responses. */
public final class ApiServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ApiServlet.class);
    private static final String BEARER = "Bearer ";

    private final transient RouteTable routes;
    private final transient Authenticator authenticator;
    private final boolean trustsLocal;

    /**
     * @param trustsLocal whether requests from loopback are local; not behind a proxy
     */
    public ApiServlet(RouteTable routes, Authenticator authenticator, boolean trustsLocal) {
        this.routes = routes;
        this.authenticator = authenticator;
        this.trustsLocal = trustsLocal;
    }

    @Override
    public void service(ServletRequest servletRequest, ServletResponse servletResponse) throws IOException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        response.setHeader("X-Content-Type-Options", "nosniff"); // responses contain text from outside
        Found found = routes.find(request.getMethod(), request.getRequestURI());
        write(request, response, answer(request, found));
    }

    private static boolean isOpen(Found found) {
        return found instanceof Found.Match match && match.route().access() == Access.OPEN;
    }

    private ApiResponse answer(HttpServletRequest request, Found found) throws IOException {
        try {
            return route(request, found);
        } catch (ProblemException e) {
            return ApiResponse.problem(e.problem());
        } catch (UncheckedIOException e) {
            throw e.getCause(); // the client disconnected while sending its body
        } catch (RuntimeException e) {
            return ApiResponse.problem(problemOf(e, request.getMethod() + " " + request.getRequestURI()));
        }
    }

    private ApiResponse route(HttpServletRequest request, Found found) {
        Caller caller = isOpen(found) ? new Caller.Anyone() : callerOf(request, found);
        if (caller == null) {
            return unauthorized();
        }
        BodyBudget.Share.charge(request, caller);
        return switch (found) {
            case Found.Nothing n -> ApiResponse.problem(Problem.notFound("Path not found."));
            case Found.OtherMethods other -> methodNotAllowed(other.allowed());
            case Found.Match match -> {
                Access access = match.route().access();
                if (!access.permits(caller)) {
                    yield ApiResponse.problem(Problem.forbidden("This key has no permission for this operation."));
                }
                yield match.route()
                        .handler()
                        .handle(new ApiRequest(new ApiRequest.OverHttp(request), caller, match.variables()));
            }
        };
    }

    /** The caller; null if a key is required and there is no valid one. Unknown paths outside {@code /v1} need no key. */
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
     * The problem for an exception of a handler.
     *
     * @param call method and path, for the log
     */
    public static Problem problemOf(RuntimeException failure, String call) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Overloaded) {
            return Problem.unavailable("The intake queue is full.", 1);
        }
        if (cause instanceof StoreException) {
            // The engine logs the outage once; do not log it for every request.
            LOG.debug("{} failed", call, cause);
            return Problem.unavailable("The storage is unavailable.", 2);
        }
        LOG.error("{} failed", call, cause);
        return Problem.internal();
    }

    static void write(HttpServletRequest request, HttpServletResponse response, ApiResponse answer) throws IOException {
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
