package dev.rung.spring.webhook;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Hands the notification that {@link WebhookFilter} has verified to the handler. */
public final class WebhookArgumentResolver implements HandlerMethodArgumentResolver {
    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.hasParameterAnnotation(RungWebhook.class)
                && parameter.getParameterType() == VerifiedWebhook.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        Object verified = request.getAttribute(WebhookFilter.ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
        if (verified == null) {
            throw new IllegalStateException("a @RungWebhook parameter is for handlers of POST requests only");
        }
        return verified;
    }
}
