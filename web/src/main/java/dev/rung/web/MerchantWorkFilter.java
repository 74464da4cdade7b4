package dev.rung.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Limits what merchants make the server do, by the API and in the console together. Comes after authentication. */
public final class MerchantWorkFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private final transient KeyWorkLimit limit;
    private final transient Refusal refusal;

    /** Answers a request that is refused. */
    @FunctionalInterface
    public interface Refusal {
        void write(HttpServletRequest request, HttpServletResponse response, Problem problem)
                throws IOException, ServletException;
    }

    public MerchantWorkFilter(KeyWorkLimit limit, Refusal refusal) {
        this.limit = limit;
        this.refusal = refusal;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Caller caller = CallerAuthentication.current();
        if (caller == null || !caller.role().isOfMerchant()) {
            chain.doFilter(request, response);
            return;
        }
        KeyWorkLimit.Lease lease;
        try {
            lease = limit.begin(caller.id(), KeyWorkLimit.Kind.of(request.getMethod(), request.getRequestURI()));
        } catch (ProblemException e) {
            refusal.write(request, response, e.problem());
            return;
        }
        try (lease) {
            chain.doFilter(request, response);
        }
    }
}
