package dev.rung.api;

import dev.rung.core.model.Role;
import dev.rung.web.Authenticator;
import dev.rung.web.BearerKeyFilter;
import dev.rung.web.Caller;
import dev.rung.web.CallerAuthentication;
import dev.rung.web.KeyWorkLimit;
import dev.rung.web.LoopbackTrust;
import dev.rung.web.MerchantWorkFilter;
import dev.rung.web.Problem;
import dev.rung.web.ProblemResponse;
import dev.rung.web.RefusedCalls;
import dev.rung.web.WrongKeyLimit;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.context.NullSecurityContextRepository;

/**
 * Who may call what. Callers are identified by {@code Authorization: Bearer KEY}; controllers check that the data is the caller's.
 *
 * <p>{@link AccessRules} names every route; any other request is refused. Below {@code /v1} nothing is open, not even whether a path exists.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
class ApiSecurityConfiguration {
    private static final Set<String> READERS = AccessRules.Access.READERS.roles().stream()
            .map(role -> "ROLE_" + role.name())
            .collect(Collectors.toUnmodifiableSet());

    /** Of a request that no rule names. */
    private static final AuthorizationDecision NO_RULE = new AuthorizationDecision(false);

    /** An observation of every filter costs more CPU than the intake of a notification; the request as a whole is observed. */
    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    KeyWorkLimit keyWorkLimit() {
        return new KeyWorkLimit(System::nanoTime);
    }

    @Bean
    @Order(2)
    SecurityFilterChain apiSecurity(
            HttpSecurity http,
            Authenticator keys,
            WrongKeyLimit wrongKeys,
            RefusedCalls refused,
            KeyWorkLimit work,
            LoopbackTrust loopback) {
        return http.csrf(AbstractHttpConfigurer::disable) // browsers do not send the key by themselves
                .sessionManagement(AbstractHttpConfigurer::disable)
                .securityContext(context -> context.securityContextRepository(new NullSecurityContextRepository()))
                .anonymous(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .servletApi(AbstractHttpConfigurer::disable)
                .headers(AbstractHttpConfigurer::disable) // ResponseHeaderFilter
                .addFilterBefore(new BearerKeyFilter(keys, wrongKeys, refused), ExceptionTranslationFilter.class)
                .addFilterBefore(new MerchantWorkFilter(work, ProblemResponse::write), ExceptionTranslationFilter.class)
                .authorizeHttpRequests(requests -> rules(requests, loopback))
                .exceptionHandling(failures -> failures.authenticationEntryPoint(unauthorized(refused))
                        .accessDeniedHandler(forbidden(refused)))
                .build();
    }

    private static void rules(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests,
            LoopbackTrust loopback) {
        for (AccessRules.Rule rule : AccessRules.ALL) {
            String path = rule.path().getPatternString();
            if (rule.method() == null) {
                allow(requests.requestMatchers(path), rule.access(), loopback);
            }
            rule.methods().forEach(method -> allow(requests.requestMatchers(method, path), rule.access(), loopback));
        }
        requests.anyRequest().access((authentication, context) -> NO_RULE);
    }

    private static void allow(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizedUrl route,
            AccessRules.Access access,
            LoopbackTrust loopback) {
        switch (access) {
            case ANYONE -> route.permitAll();
            case LOCAL_OR_READERS -> route.access(readerOrLocal(loopback));
            default -> route.hasAnyRole(access.roles().stream().map(Role::name).toArray(String[]::new));
        }
    }

    private static AuthorizationManager<RequestAuthorizationContext> readerOrLocal(LoopbackTrust loopback) {
        return (authentication, context) -> {
            HttpServletRequest request = context.getRequest();
            return new AuthorizationDecision(loopback.includes(request.getRemoteAddr(), request.getServerName())
                    || authentication.get() instanceof CallerAuthentication known
                            && known.getAuthorities().stream()
                                    .anyMatch(authority -> READERS.contains(authority.getAuthority())));
        };
    }

    private static AuthenticationEntryPoint unauthorized(RefusedCalls refused) {
        return (request, response, e) -> unauthorized(request, response, refused);
    }

    private static AccessDeniedHandler forbidden(RefusedCalls refused) {
        return (request, response, e) -> {
            Caller caller = CallerAuthentication.current();
            if (isWithoutRule(e) && (caller != null || !isBelowV1(request.getRequestURI()))) {
                notRouted(request, response);
                return;
            }
            if (caller == null) {
                unauthorized(request, response, refused);
                return;
            }
            refused.count(RefusedCalls.CALL, caller, request.getRemoteAddr());
            ProblemResponse.write(
                    request,
                    response,
                    Problem.forbidden("no_permission", "This key has no permission for this operation."));
        };
    }

    private static void unauthorized(HttpServletRequest request, HttpServletResponse response, RefusedCalls refused)
            throws IOException {
        refused.count(RefusedCalls.CALL, null, request.getRemoteAddr());
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"rung\"");
        ProblemResponse.write(request, response, Problem.unauthorized());
    }

    private static boolean isWithoutRule(Exception failure) {
        return failure instanceof AuthorizationDeniedException denied && denied.getAuthorizationResult() == NO_RULE;
    }

    private static boolean isBelowV1(String path) {
        return path.equals("/v1") || path.startsWith("/v1/");
    }

    /** The caller may know that there is no such route. */
    private static void notRouted(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Set<String> methods = AccessRules.methodsOf(request.getRequestURI());
        if (methods.isEmpty()) {
            ProblemResponse.write(request, response, Problem.notFound("path_not_found", "Path not found."));
            return;
        }
        String allowed = String.join(", ", methods);
        response.setHeader(HttpHeaders.ALLOW, allowed);
        ProblemResponse.write(request, response, Problem.methodNotAllowed(allowed));
    }
}
