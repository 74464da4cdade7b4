package dev.rung.console;

import dev.rung.api.AuditRecorder;
import dev.rung.core.model.Role;
import dev.rung.web.Caller;
import dev.rung.web.RefusedCalls;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.userinfo.DefaultOAuth2UserService;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/** Sign-in by OpenID Connect, with the client of Spring Security. Values of a claim decide who is an operator or a viewer. Thread-safe. */
final class OidcSignIn {
    private static final Logger LOG = LoggerFactory.getLogger(OidcSignIn.class);

    /** The path that begins a sign-in; {@code next} says where it leads. */
    static final String START = "/sign-in/" + OidcProvider.REGISTRATION;
    /** Where the provider sends the browser back to. */
    static final String CALLBACK = START + "/callback";

    private static final List<String> NAMES = List.of("preferred_username", "email", "name");

    private final OidcSettings settings;
    private final Sessions sessions;
    private final SessionCookies cookies;
    private final RefusedCalls refused;
    private final AuditRecorder audit;

    OidcSignIn(
            OidcSettings settings,
            Sessions sessions,
            SessionCookies cookies,
            RefusedCalls refused,
            AuditRecorder audit) {
        this.settings = settings;
        this.sessions = sessions;
        this.cookies = cookies;
        this.refused = refused;
        this.audit = audit;
    }

    void configure(HttpSecurity http, OidcFlowCookies flows) {
        OidcProvider provider = new OidcProvider(settings, CALLBACK);
        http.oauth2Login(login -> login.clientRegistrationRepository(provider)
                .authorizedClientRepository(new NoAuthorizedClients())
                .loginPage("/sign-in")
                .authorizationEndpoint(start -> start.authorizationRequestResolver(
                                new DefaultOAuth2AuthorizationRequestResolver(provider, "/sign-in"))
                        .authorizationRequestRepository(flows))
                .redirectionEndpoint(back -> back.baseUri(CALLBACK))
                .tokenEndpoint(token -> token.accessTokenResponseClient(tokens()))
                .userInfoEndpoint(user -> user.oidcUserService(users()))
                .successHandler(this::succeeded)
                .failureHandler(this::failed)
                .withObjectPostProcessor(new ObjectPostProcessor<OAuth2AuthorizationRequestRedirectFilter>() {
                    @Override
                    public <O extends OAuth2AuthorizationRequestRedirectFilter> O postProcess(O filter) {
                        filter.setAuthenticationFailureHandler(OidcSignIn.this::failed);
                        return filter;
                    }
                }));
    }

    private static SimpleClientHttpRequestFactory requests() {
        SimpleClientHttpRequestFactory requests = new SimpleClientHttpRequestFactory();
        requests.setConnectTimeout(OidcProvider.TIMEOUT);
        requests.setReadTimeout(OidcProvider.TIMEOUT);
        return requests;
    }

    private static RestClientAuthorizationCodeTokenResponseClient tokens() {
        RestClientAuthorizationCodeTokenResponseClient tokens = new RestClientAuthorizationCodeTokenResponseClient();
        tokens.setRestClient(RestClient.builder()
                .requestFactory(requests())
                .configureMessageConverters(converters -> converters
                        .addCustomConverter(new FormHttpMessageConverter())
                        .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build());
        return tokens;
    }

    private static OidcUserService users() {
        RestTemplate rest = new RestTemplate(requests());
        rest.setErrorHandler(new OAuth2ErrorResponseErrorHandler());
        DefaultOAuth2UserService userInfo = new DefaultOAuth2UserService();
        userInfo.setRestOperations(rest);
        OidcUserService users = new OidcUserService();
        users.setOauth2UserService(userInfo);
        return users;
    }

    private void succeeded(HttpServletRequest request, HttpServletResponse response, Authentication authentication) {
        OidcUser user = (OidcUser) Objects.requireNonNull(authentication.getPrincipal());
        String subject = Objects.requireNonNull(user.getSubject());
        Role role = role(user.getClaims());
        Caller person = new Caller(
                role == null ? Role.VIEWER : role, Caller.PERSON_PREFIX + subject, name(user, subject), null);
        if (role == null) {
            refused.count(RefusedCalls.SIGN_IN, person, request.getRemoteAddr());
            Views.sendRedirect(request, response, "/sign-in?failed=oidc_access");
            return;
        }
        audit.write(person, request.getRemoteAddr(), "console.sign_in", "console");
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                cookies.of(request, sessions.begin(person), Sessions.LIFE).toString());
        Views.sendRedirect(request, response, OidcFlowCookies.next(request));
    }

    private void failed(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        boolean unavailable = isUnavailable(e);
        LOG.warn("sign-in by OpenID Connect failed: {}", e.getMessage());
        if (!unavailable) {
            refused.count(RefusedCalls.SIGN_IN, null, request.getRemoteAddr());
        }
        Views.sendRedirect(request, response, "/sign-in?failed=" + (unavailable ? "oidc_unavailable" : "oidc"));
    }

    /** The provider did not answer, so it does not count as a failed sign-in. */
    private static boolean isUnavailable(AuthenticationException e) {
        return Stream.<@Nullable Throwable>iterate(
                        e, cause -> cause != null, cause -> cause == null ? null : cause.getCause())
                .anyMatch(cause -> cause instanceof AuthenticationServiceException || cause instanceof IOException);
    }

    /** The greatest role that the claim gives; null if it gives none. */
    private @Nullable Role role(Map<String, Object> claims) {
        Collection<?> values = values(claims);
        if (!Collections.disjoint(values, settings.operators())) {
            return Role.OPERATOR;
        }
        return Collections.disjoint(values, settings.viewers()) ? null : Role.VIEWER;
    }

    private Collection<?> values(Map<String, Object> claims) {
        Object value = claims.get(settings.claim());
        if (value == null) {
            value = claims;
            for (String name : settings.claim().split("\\.", -1)) {
                value = value instanceof Map<?, ?> members ? members.get(name) : null;
            }
        }
        return switch (value) {
            case Collection<?> several -> several;
            case null -> Set.of();
            default -> Set.of(value.toString());
        };
    }

    /** The name of the person: the user name, e-mail address or name, or else the subject. */
    private static String name(OidcUser user, String subject) {
        for (String claim : NAMES) {
            String name = user.getClaimAsString(claim);
            if (name != null && !name.isBlank()) {
                return name;
            }
        }
        return subject;
    }

    /** Tokens of the provider are not needed after the sign-in. */
    private static final class NoAuthorizedClients implements OAuth2AuthorizedClientRepository {
        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // as the interface declares it
        public <T extends OAuth2AuthorizedClient> @Nullable T loadAuthorizedClient(
                String id, Authentication principal, HttpServletRequest request) {
            return null;
        }

        @Override
        public void saveAuthorizedClient(
                OAuth2AuthorizedClient client,
                Authentication principal,
                HttpServletRequest request,
                HttpServletResponse response) {
            // not kept
        }

        @Override
        public void removeAuthorizedClient(
                String id, Authentication principal, HttpServletRequest request, HttpServletResponse response) {
            // not kept
        }
    }
}
