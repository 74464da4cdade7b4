package dev.rung.spring.webhook;

import dev.rung.client.OncePerWebhook;
import dev.rung.client.OncePerWebhook.Result;
import dev.rung.client.WebhookRejectedException;
import dev.rung.client.WebhookVerifier;
import dev.rung.client.WebhookVerifier.Verified;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ContentCachingResponseWrapper;
import org.springframework.web.util.ServletRequestPathUtils;

/** Verifies and de-duplicates requests whose handler has a {@link RungWebhook} parameter. Passes on all others. */
public final class WebhookFilter extends OncePerRequestFilter {
    static final String ATTRIBUTE = VerifiedWebhook.class.getName();

    private static final Logger LOG = LoggerFactory.getLogger(WebhookFilter.class);
    /** Rung's payloads have at most 256 KiB; as a form, each byte can take three. */
    private static final int BODY_BYTES_MAX = 1024 * 1024;

    private final Supplier<RequestMappingHandlerMapping> handlers;
    private final @Nullable WebhookVerifier verifier;
    private final OncePerWebhook once;
    private final String acknowledgement;

    /**
     * @param verifier null if no secret is configured: then all are refused
     * @param acknowledgement the body of the response to a repetition
     */
    public WebhookFilter(
            Supplier<RequestMappingHandlerMapping> handlers,
            @Nullable WebhookVerifier verifier,
            OncePerWebhook once,
            String acknowledgement) {
        this.handlers = handlers;
        this.verifier = verifier;
        this.once = once;
        this.acknowledgement = acknowledgement;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!"POST".equals(request.getMethod()) || !isForWebhooks(request)) {
            chain.doFilter(request, response);
            return;
        }
        byte[] body = request.getInputStream().readNBytes(BODY_BYTES_MAX + 1);
        if (body.length > BODY_BYTES_MAX) {
            response.setStatus(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE);
            return;
        }
        Verified verified;
        try {
            verified = verify(request, body);
        } catch (WebhookRejectedException e) {
            LOG.warn("a webhook from {} is refused: {}", request.getRemoteAddr(), e.getMessage());
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
            return;
        }
        request.setAttribute(ATTRIBUTE, webhook(request, verified, body));
        handle(verified.id(), new BodyRequest(request, body), response, chain);
    }

    private boolean isForWebhooks(HttpServletRequest request) {
        boolean parsed = ServletRequestPathUtils.hasParsedRequestPath(request);
        if (!parsed) {
            ServletRequestPathUtils.parseAndCache(request);
        }
        try {
            HandlerExecutionChain found = handlers.get().getHandler(request);
            return found != null
                    && found.getHandler() instanceof HandlerMethod method
                    && Arrays.stream(method.getMethodParameters())
                            .anyMatch(p -> p.hasParameterAnnotation(RungWebhook.class));
        } catch (Exception e) {
            return false; // no handler, or none for this content type: the dispatcher answers that
        } finally {
            if (!parsed) {
                ServletRequestPathUtils.clearParsedRequestPath(request);
            }
        }
    }

    private Verified verify(HttpServletRequest request, byte[] body) throws WebhookRejectedException {
        if (verifier == null) {
            throw new IllegalStateException(
                    "a handler has a @RungWebhook parameter, but rung.webhook.secret is not set");
        }
        return verifier.verify(request::getHeader, body);
    }

    private static VerifiedWebhook webhook(HttpServletRequest request, Verified verified, byte[] body) {
        String attempt = request.getHeader("rung-attempt");
        return new VerifiedWebhook(
                verified.id(),
                request.getHeader("rung-event-type"),
                attempt != null && attempt.matches("\\d{1,6}") ? Integer.parseInt(attempt) : 1,
                verified.sentAt(),
                verified.fields(),
                body);
    }

    private void handle(String id, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // Buffered, so that nothing is acknowledged before the commit.
        ContentCachingResponseWrapper buffered = new ContentCachingResponseWrapper(response);
        Result result;
        try {
            result = once.run(id, () -> run(chain, request, buffered));
        } catch (NotAcknowledged e) {
            buffered.copyBodyToResponse();
            return;
        } catch (ServletException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        }
        switch (result) {
            case DONE -> buffered.copyBodyToResponse();
            case DONE_BEFORE -> acknowledge(response);
            case UNDER_WAY -> response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }
    }

    private static void run(FilterChain chain, HttpServletRequest request, ContentCachingResponseWrapper response)
            throws Exception {
        chain.doFilter(request, response);
        if (response.getStatus() / 100 != 2) {
            throw new NotAcknowledged();
        }
    }

    private void acknowledge(HttpServletResponse response) throws IOException {
        byte[] bytes = acknowledgement.getBytes(StandardCharsets.UTF_8);
        response.setContentType(acknowledgement.startsWith("{") ? "application/json" : "text/plain");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    /** Rolls back what the handler did before it responded with an error. */
    private static final class NotAcknowledged extends Exception {
        private static final long serialVersionUID = 1L;

        NotAcknowledged() {
            super("the handler did not acknowledge", null, false, false);
        }
    }
}
