package dev.rung.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;

/** Authenticates callers by {@code Authorization: Bearer KEY}. A request with a wrong key continues without authentication. */
public final class BearerKeyFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final String BEARER = "Bearer ";

    private final transient Authenticator authenticator;
    private final transient WrongKeyLimit wrongKeys;
    private final transient RefusedCalls refused;

    public BearerKeyFilter(Authenticator authenticator, WrongKeyLimit wrongKeys, RefusedCalls refused) {
        this.wrongKeys = wrongKeys;
        this.refused = refused;
        this.authenticator = authenticator;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String authorization = request.getHeader("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            Caller caller;
            try {
                caller = authenticator.callerOf(
                        authorization.substring(BEARER.length()).strip());
            } catch (RuntimeException e) {
                ProblemResponse.write(request, response, e);
                return;
            }
            int wait = caller == null ? wrongKeys.count(request.getRemoteAddr()) : 0;
            if (wait > 0) {
                refused.count(RefusedCalls.CALL, null, request.getRemoteAddr());
                ProblemResponse.write(
                        request,
                        response,
                        Problem.tooManyRequests("wrong_keys", "Too many wrong keys from this address.", wait));
                return;
            }
            if (caller != null) {
                BodyBudget.Share.charge(request, caller);
                SecurityContextHolder.setContext(new SecurityContextImpl(new CallerAuthentication(caller)));
            }
        }
        chain.doFilter(request, response);
    }
}
