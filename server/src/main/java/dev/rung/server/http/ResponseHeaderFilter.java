package dev.rung.server.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Headers of every response: types are not guessed, HSTS over TLS, and no caching of what the API shows, secrets among it. */
public final class ResponseHeaderFilter implements Filter {
    private static final String HSTS = "max-age=31536000";

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletResponse httpResponse = (HttpServletResponse) response;
        httpResponse.setHeader("X-Content-Type-Options", "nosniff");
        if (request.isSecure()) {
            httpResponse.setHeader("Strict-Transport-Security", HSTS);
        }
        if (((HttpServletRequest) request).getRequestURI().startsWith("/v1/")) {
            httpResponse.setHeader("Cache-Control", "no-store");
        }
        chain.doFilter(request, response);
    }
}
