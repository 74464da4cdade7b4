package dev.rung.web;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Limits the body of every request by its path and counts it in the {@link BodyBudget}, whichever servlet reads it. Comes
 * before authentication, so a request is a stranger's until {@link BodyBudget.Share#charge} names its caller.
 */
public final class BodyLimitFilter implements Filter {
    private final BodyBudget budget;

    public BodyLimitFilter(BodyBudget budget) {
        this.budget = budget;
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        try (BodyBudget.Share share = budget.share()) {
            chain.doFilter(new LimitedRequest(request, share), response);
        } catch (ProblemException e) {
            refuse(request, response, e);
        } catch (IOException | ServletException e) {
            ProblemException refusal = BodyRefusedException.in(e);
            if (refusal == null) {
                throw e;
            }
            response.setHeader("Connection", "close"); // the rest of the body is not worth reading
            refuse(request, response, refusal);
        }
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response, ProblemException refusal)
            throws IOException {
        if (response.isCommitted()) {
            throw refusal;
        }
        response.resetBuffer();
        ProblemResponse.write(request, response, refusal.problem());
    }
}
