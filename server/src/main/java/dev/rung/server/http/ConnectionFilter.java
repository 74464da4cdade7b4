package dev.rung.server.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * Notes of each request when its client is waited for, and gives clients that send many requests without waiting for
 * responses no more turns than others. The first filter.
 */
public final class ConnectionFilter implements Filter {
    /** Requests sent ahead on one connection before it is closed. */
    private static final int PIPELINED_MAX = 16;

    @SuppressWarnings("ThreadPriorityCheck") // fairness among connections, not synchronization
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!ClientConnection.CURRENT.isBound()) {
            chain.doFilter(request, response);
            return;
        }
        ClientConnection connection = ClientConnection.CURRENT.get();
        if (request.getProtocol().equals("HTTP/0.9")) {
            connection.cut(); // a response without a head could be taken for anything
            return;
        }
        int ahead = connection.beginRequest(System.nanoTime());
        HttpServletResponse httpResponse = (HttpServletResponse) response;
        if (ahead > 1) {
            Thread.yield();
        }
        if (ahead >= PIPELINED_MAX) {
            httpResponse.setHeader("Connection", "close");
        }
        try {
            chain.doFilter(
                    new Request((HttpServletRequest) request, connection), new Response(httpResponse, connection));
        } finally {
            if (!request.isAsyncStarted()) {
                connection.endRequest(System.nanoTime());
            }
        }
    }

    private static final class Request extends HttpServletRequestWrapper {
        private final ClientConnection connection;
        private @Nullable ServletInputStream body;

        Request(HttpServletRequest request, ClientConnection connection) {
            super(request);
            this.connection = connection;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            ServletInputStream made = body;
            if (made == null) {
                made = new TimedInput(super.getInputStream(), connection);
                body = made;
            }
            return made;
        }
    }

    private static final class Response extends HttpServletResponseWrapper {
        private final ClientConnection connection;
        private @Nullable ServletOutputStream body;

        Response(HttpServletResponse response, ClientConnection connection) {
            super(response);
            this.connection = connection;
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            ServletOutputStream made = body;
            if (made == null) {
                made = new TimedOutput(super.getOutputStream(), connection);
                body = made;
            }
            return made;
        }

        /** Writes to it may wait for the client, from now to the end of the request. */
        @Override
        public PrintWriter getWriter() throws IOException {
            connection.awaitReader(System.nanoTime(), 0);
            return super.getWriter();
        }
    }
}
