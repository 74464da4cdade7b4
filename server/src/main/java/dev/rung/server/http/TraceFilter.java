package dev.rung.server.http;

import dev.rung.observability.Tracing;
import dev.rung.web.RequestTrace;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Records a span of each call of the API and of each callback.
 *
 * @param ownRoutes paths that Spring MVC does not route: they are their own routes
 */
public record TraceFilter(Tracing tracing, List<String> ownRoutes) implements Filter {
    private static final int SERVER_ERROR = 500;

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest httpRequest = (HttpServletRequest) request;
        String path = httpRequest.getRequestURI();
        if (!path.startsWith("/v1/") && !path.startsWith("/callbacks/")) {
            chain.doFilter(request, response);
            return;
        }
        Tracing.Span span = tracing.begin(
                        httpRequest.getMethod(), Tracing.Kind.SERVER, RequestTrace.ofHeader(httpRequest))
                .set("http.request.method", httpRequest.getMethod())
                .set("url.path", path);
        RequestTrace.set(httpRequest, span.context());
        String error = "the request failed";
        try {
            chain.doFilter(request, response);
            int status = ((HttpServletResponse) response).getStatus();
            span.set("http.response.status_code", status);
            error = status >= SERVER_ERROR ? "HTTP " + status : null;
        } finally {
            Object route = ownRoutes.contains(path)
                    ? path
                    : request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
            if (route != null) {
                span.name(httpRequest.getMethod() + " " + route).set("http.route", route);
            }
            span.end(error);
        }
    }
}
