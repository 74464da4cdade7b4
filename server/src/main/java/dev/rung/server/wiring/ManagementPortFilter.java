package dev.rung.server.wiring;

import dev.rung.web.Problem;
import dev.rung.web.ProblemResponse;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Answers {@code /metrics} and {@code /actuator} on the management port only, and nothing else there. */
final class ManagementPortFilter extends OncePerRequestFilter {
    private final int port;

    ManagementPortFilter(int port) {
        this.port = port;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isManagement(request.getRequestURI()) == (request.getLocalPort() == port)) {
            chain.doFilter(request, response);
        } else {
            ProblemResponse.write(request, response, Problem.notFound("path_not_found", "Path not found."));
        }
    }

    private static boolean isManagement(String path) {
        return path.equals("/metrics") || path.equals("/actuator") || path.startsWith("/actuator/");
    }
}
