package dev.rung.console;

import static org.springframework.http.HttpMethod.POST;

import dev.rung.api.AuditRecorder;
import dev.rung.core.model.Role;
import dev.rung.crypto.Vault;
import dev.rung.web.KeyWorkLimit;
import dev.rung.web.MerchantWorkFilter;
import dev.rung.web.Problem;
import dev.rung.web.RefusedCalls;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.jwt.JwtDecoderFactory;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/**
 * Who may see and change what in the console: viewers read, operators also change. A merchant sees {@link PortalPaths}, of which each page shows what
 * is the merchant's.
 */
@Configuration(proxyBeanMethods = false)
class ConsoleSecurityConfiguration {
    private static final String OPERATOR = Role.OPERATOR.name();
    private static final String VIEWER = Role.VIEWER.name();
    private static final String VIEW = Role.MERCHANT_VIEW.name();
    private static final String MANAGE = Role.MERCHANT_MANAGE.name();
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
                    + "base-uri 'none'; frame-ancestors 'none'";

    /** Reloads the page once from this site. */
    private static final String RELOAD = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
            + "<meta http-equiv=\"refresh\" content=\"0\"><title>Rung</title></head><body></body></html>\n";

    @Bean
    SessionCookies sessionCookies(Sessions sessions, ConsoleSettings settings) {
        return new SessionCookies(sessions, settings);
    }

    /** Checks ID tokens; made at the first sign-in by OpenID Connect. */
    @Lazy
    @Bean
    JwtDecoderFactory<ClientRegistration> idTokenDecoderFactory() {
        OidcIdTokenDecoderFactory factory = new OidcIdTokenDecoderFactory();
        factory.setJwsAlgorithmResolver(OidcProvider::algorithm);
        return factory;
    }

    @Bean
    @Order(1)
    SecurityFilterChain consoleSecurity(
            HttpSecurity http,
            ConsoleSettings settings,
            Sessions sessions,
            SessionCookies cookies,
            RefusedCalls refused,
            KeyWorkLimit work,
            AuditRecorder audit,
            Vault vault,
            InstantSource clock) {
        OidcSettings oidc = settings.oidc();
        if (oidc != null) {
            new OidcSignIn(oidc, sessions, cookies, refused, audit)
                    .configure(http, new OidcFlowCookies(vault, clock, settings.tls()));
        }
        return http.securityMatcher(ConsolePaths.ALL)
                .securityContext(context -> context.securityContextRepository(cookies))
                .sessionManagement(management -> management.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .servletApi(AbstractHttpConfigurer::disable)
                .headers(ConsoleSecurityConfiguration::headers)
                .addFilterBefore(new SameOriginFilter(), CsrfFilter.class)
                .addFilterAfter(new SessionRenewalFilter(sessions, cookies), AuthorizationFilter.class)
                .addFilterAfter(new MerchantWorkFilter(work, ProblemPage::show), AuthorizationFilter.class)
                .csrf(csrf -> csrf.csrfTokenRepository(new SessionCsrfTokens())
                        .csrfTokenRequestHandler(new CsrfTokenRequestAttributeHandler())
                        .ignoringRequestMatchers("/sign-in", "/preferences"))
                .authorizeHttpRequests(
                        requests -> requests.requestMatchers("/sign-in/**", "/preferences", "/console/assets/**")
                                .permitAll()
                                .requestMatchers(POST, "/sign-out")
                                .authenticated()
                                .requestMatchers(POST, PortalPaths.RESENDS)
                                .hasAnyRole(OPERATOR, VIEW, MANAGE)
                                .requestMatchers(POST, PortalPaths.CHANGES)
                                .hasAnyRole(OPERATOR, MANAGE)
                                .requestMatchers(POST, "/**")
                                .hasRole(OPERATOR)
                                .requestMatchers("/notifications/{id}/curl", "/merchants/new", "/resend")
                                .hasRole(OPERATOR)
                                .requestMatchers("/merchants/names")
                                .hasAnyRole(OPERATOR, VIEWER)
                                .requestMatchers(PortalPaths.PAGES)
                                .hasAnyRole(OPERATOR, VIEWER, VIEW, MANAGE)
                                .anyRequest()
                                .hasAnyRole(OPERATOR, VIEWER))
                .exceptionHandling(failures -> failures.authenticationEntryPoint(
                                (request, response, e) -> signInFirst(request, response))
                        .accessDeniedHandler((request, response, e) -> denied(request, response, e, refused)))
                .build();
    }

    private static void headers(HeadersConfigurer<HttpSecurity> headers) {
        headers.defaultsDisabled()
                .addHeaderWriter(ConsoleSecurityConfiguration::noStore)
                .contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                .referrerPolicy(policy -> policy.policy(ReferrerPolicy.SAME_ORIGIN))
                .crossOriginOpenerPolicy(policy -> policy.policy(CrossOriginOpenerPolicy.SAME_ORIGIN));
    }

    /** Pages are not kept; assets say otherwise. */
    private static void noStore(HttpServletRequest request, HttpServletResponse response) {
        if (!response.containsHeader(HttpHeaders.CACHE_CONTROL)) {
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        }
    }

    /**
     * Redirects to the sign-in page. After a cross-site link the browser withholds the {@code SameSite=Strict} cookie, so the page is reloaded once
     * from this site before the session counts as absent.
     */
    private static void signInFirst(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean get = request.getMethod().equals("GET");
        if (get
                && "cross-site".equals(request.getHeader("Sec-Fetch-Site"))
                && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))) {
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            Views.write(response, "text/html; charset=utf-8", RELOAD);
            return;
        }
        String address = ConsolePaths.address(request);
        boolean comesBack = get && !Htmx.of(request).wantsPart() && !address.equals("/");
        Views.sendRedirect(request, response, "/sign-in" + (comesBack ? "?next=" + PageFormat.url(address) : ""));
    }

    private static void denied(
            HttpServletRequest request, HttpServletResponse response, AccessDeniedException e, RefusedCalls refused)
            throws IOException, ServletException {
        ConsoleSession session = PageArgumentResolver.session();
        if (session == null) {
            signInFirst(request, response);
            return;
        }
        refused.count(RefusedCalls.CALL, session.caller(), request.getRemoteAddr());
        ProblemPage.show(
                request,
                response,
                e instanceof CsrfException
                        ? Problem.forbidden("csrf", "The form is not valid for this session.")
                        : session.caller().role().isOfMerchant()
                                ? Problem.forbidden("portal", "This is not part of the merchant's portal.")
                                : Problem.forbidden("viewer", "Viewers have read-only access."));
    }
}
