package dev.rung.api;

import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.HEAD;
import static org.springframework.http.HttpMethod.POST;

import dev.rung.core.model.Role;
import dev.rung.web.Authenticator;
import dev.rung.web.BearerKeyFilter;
import dev.rung.web.CallerAuthentication;
import dev.rung.web.KeyWorkLimit;
import dev.rung.web.LoopbackTrust;
import dev.rung.web.Problem;
import dev.rung.web.ProblemResponse;
import dev.rung.web.RefusedCalls;
import dev.rung.web.WrongKeyLimit;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;

/**
 * Who may call what. Callers are identified by {@code Authorization: Bearer KEY}; controllers check that the data is the caller's.
 *
 * <p>Below {@code /v1} nothing is open, not even whether a path exists. What no rule names is the operator's alone.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
class ApiSecurityConfiguration {
    private static final String OPERATOR = Role.OPERATOR.name();
    private static final String VIEWER = Role.VIEWER.name();
    private static final String INTAKE = Role.INTAKE.name();
    private static final String VIEW = Role.MERCHANT_VIEW.name();
    private static final String MANAGE = Role.MERCHANT_MANAGE.name();
    private static final Set<String> READERS = Set.of("ROLE_" + OPERATOR, "ROLE_" + VIEWER);

    /** An observation of every filter costs more CPU than the intake of a notification; the request as a whole is observed. */
    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    @Order(2)
    SecurityFilterChain apiSecurity(
            HttpSecurity http,
            Authenticator keys,
            WrongKeyLimit wrongKeys,
            RefusedCalls refused,
            LoopbackTrust loopback) {
        return http.csrf(AbstractHttpConfigurer::disable) // browsers do not send the key by themselves
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .servletApi(AbstractHttpConfigurer::disable)
                .headers(headers -> headers.defaultsDisabled().contentTypeOptions(Customizer.withDefaults()))
                .addFilterBefore(
                        new BearerKeyFilter(keys, wrongKeys, refused, new KeyWorkLimit(System::nanoTime)),
                        AnonymousAuthenticationFilter.class)
                .authorizeHttpRequests(requests -> rules(requests, loopback))
                .exceptionHandling(failures -> failures.authenticationEntryPoint(unauthorized(refused))
                        .accessDeniedHandler(forbidden(refused)))
                .build();
    }

    private static void rules(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests,
            LoopbackTrust loopback) {
        String[] records = {"/v1/notifications/**", "/v1/payments/**", "/v1/refunds/**"};
        String[] merchantsReads = {"/v1/events", "/v1/stream", "/v1/merchants/{id}"};
        String[] keys = {"/v1/merchants/{id}/keys", "/v1/merchants/{id}/keys/{key_id}"};
        requests.requestMatchers(
                        POST,
                        "/v1/notifications",
                        "/v1/notifications/batch",
                        "/v1/payments",
                        "/v1/payments/{id}/refunds")
                .hasAnyRole(OPERATOR, INTAKE)
                .requestMatchers(
                        POST,
                        "/v1/notifications/{id}/resend",
                        "/v1/notifications/resend",
                        "/v1/payments/{id}/sync",
                        "/v1/refunds/{id}/sync")
                .hasAnyRole(OPERATOR, VIEW, MANAGE)
                .requestMatchers(POST, "/v1/merchants/{id}/test", keys[0])
                .hasAnyRole(OPERATOR, MANAGE)
                .requestMatchers(DELETE, keys[1])
                .hasAnyRole(OPERATOR, MANAGE)
                .requestMatchers(GET, keys[0])
                .hasAnyRole(OPERATOR, VIEWER, MANAGE)
                .requestMatchers(HEAD, keys[0])
                .hasAnyRole(OPERATOR, VIEWER, MANAGE)
                .requestMatchers(GET, records)
                .hasAnyRole(OPERATOR, VIEWER, INTAKE, VIEW, MANAGE)
                .requestMatchers(HEAD, records)
                .hasAnyRole(OPERATOR, VIEWER, INTAKE, VIEW, MANAGE)
                .requestMatchers(GET, merchantsReads)
                .hasAnyRole(OPERATOR, VIEWER, VIEW, MANAGE)
                .requestMatchers(HEAD, merchantsReads)
                .hasAnyRole(OPERATOR, VIEWER, VIEW, MANAGE)
                .requestMatchers(GET, "/v1/**")
                .hasAnyRole(OPERATOR, VIEWER)
                .requestMatchers(HEAD, "/v1/**")
                .hasAnyRole(OPERATOR, VIEWER)
                .requestMatchers("/v1/**")
                .hasRole(OPERATOR)
                .requestMatchers(GET, "/metrics", "/actuator/**")
                .access(readerOrLocal(loopback))
                .requestMatchers("/actuator/**")
                .hasRole(OPERATOR)
                .anyRequest()
                .permitAll();
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
        return (request, response, e) -> {
            refused.count(RefusedCalls.CALL, null, request.getRemoteAddr());
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"rung\"");
            ProblemResponse.write(request, response, Problem.unauthorized());
        };
    }

    private static AccessDeniedHandler forbidden(RefusedCalls refused) {
        return (request, response, e) -> {
            refused.count(RefusedCalls.CALL, CallerAuthentication.current(), request.getRemoteAddr());
            ProblemResponse.write(
                    request,
                    response,
                    Problem.forbidden("no_permission", "This key has no permission for this operation."));
        };
    }
}
