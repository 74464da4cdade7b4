package dev.rung.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Resolves {@link FieldReader}, {@link QueryParameters} and {@link BodyReader} parameters of controllers. JSON is read strictly: duplicate and
 * unknown members are errors, all errors are reported together, and payloads keep their bytes.
 */
final class RequestPartResolver implements HandlerMethodArgumentResolver {
    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        Class<?> type = parameter.getParameterType();
        return type == FieldReader.class || type == QueryParameters.class || type == BodyReader.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest webRequest,
            @Nullable WebDataBinderFactory binderFactory) {
        HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
        if (request == null) {
            throw new IllegalStateException("not a servlet request");
        }
        Class<?> type = parameter.getParameterType();
        if (type == QueryParameters.class) {
            return new QueryParameters(request.getQueryString());
        }
        BodyReader body = new BodyReader(request);
        if (type == BodyReader.class) {
            return body;
        }
        byte[] bytes = body.json();
        return bytes.length == 0 && parameter.hasParameterAnnotation(OptionalBody.class)
                ? FieldReader.of(Map.of())
                : FieldReader.ofBody(bytes);
    }
}
