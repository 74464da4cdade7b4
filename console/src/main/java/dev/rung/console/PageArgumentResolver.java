package dev.rung.console;

import dev.rung.web.CallerAuthentication;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Resolves parameters of pages: the {@link Form} that was submitted (of {@code GET}, the query), the {@link Language}, {@link Htmx}, and the
 * {@link ConsoleSession}, null without a sign-in.
 */
final class PageArgumentResolver implements HandlerMethodArgumentResolver {
    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        Class<?> type = parameter.getParameterType();
        return type == Form.class || type == Language.class || type == Htmx.class || type == ConsoleSession.class;
    }

    @Override
    public @Nullable Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest webRequest,
            @Nullable WebDataBinderFactory binderFactory) {
        HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
        if (request == null) {
            throw new IllegalStateException("not a servlet request");
        }
        Class<?> type = parameter.getParameterType();
        if (type == Form.class) {
            return Form.of(request);
        }
        if (type == Language.class) {
            return Language.of(request);
        }
        return type == Htmx.class ? Htmx.of(request) : session();
    }

    /** The session of the current request; null without a sign-in. */
    static @Nullable ConsoleSession session() {
        return SecurityContextHolder.getContext().getAuthentication() instanceof CallerAuthentication user
                        && user.getDetails() instanceof ConsoleSession session
                ? session
                : null;
    }
}
