package dev.rung.server.http;

import dev.rung.observability.RequestTimers;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.web.filter.ServerHttpObservationFilter;

/** Measures every request: {@code POST} to the intake's paths by a timer of its own, all others by Spring's observation. */
public final class RequestMeterFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private final transient ServerHttpObservationFilter observation;
    private final transient Map<String, RequestTimers> intake;

    /**
     * @param intake timers by path
     */
    public RequestMeterFilter(ServerHttpObservationFilter observation, Map<String, RequestTimers> intake) {
        this.observation = observation;
        this.intake = Map.copyOf(intake);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        RequestTimers timers = request.getMethod().equals("POST") ? intake.get(request.getServletPath()) : null;
        if (timers == null) {
            observation.doFilter(request, response, chain);
            return;
        }
        long start = System.nanoTime();
        int status = HttpServletResponse.SC_INTERNAL_SERVER_ERROR; // unless the chain returns
        try {
            chain.doFilter(request, response);
            status = response.getStatus();
        } finally {
            timers.of(status).record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }
}
