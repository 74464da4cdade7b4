package dev.rung.console;

import dev.rung.api.ApiVersion;
import dev.rung.crypto.SigningDialects;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.ViewResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.thymeleaf.spring6.SpringTemplateEngine;
import org.thymeleaf.spring6.view.ThymeleafViewResolver;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;

/** The pages of the console. They are created at the first request of a browser, so that a server without users does not pay for them. */
@Configuration(proxyBeanMethods = false)
@Import({
    AlertsPage.class,
    ApprovalsPage.class,
    Assets.class,
    AuditPage.class,
    ChannelsPage.class,
    ConsoleAdvice.class,
    ConsoleSecurityConfiguration.class,
    DiscrepanciesPage.class,
    KeysPage.class,
    LaddersPage.class,
    LiveOverview.class,
    MerchantNames.class,
    EndpointsPage.class,
    MerchantPage.class,
    MerchantsPage.class,
    NotificationPage.class,
    OrderPage.class,
    OverviewPage.class,
    PageLayouts.class,
    PaymentsPage.class,
    Preferences.class,
    ProblemMessages.class,
    ProblemPage.class,
    ReconciliationsPage.class,
    RejectedPage.class,
    ResendPage.class,
    SearchPage.class,
    Sessions.class,
    SignIn.class
})
public class ConsoleMvcConfiguration implements WebMvcConfigurer {
    private final ObjectProvider<PageLayouts> layouts;

    ConsoleMvcConfiguration(ObjectProvider<PageLayouts> layouts) {
        this.layouts = layouts;
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new PageArgumentResolver());
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new HandlerInterceptor() {
                    @Override
                    public void postHandle(
                            HttpServletRequest request,
                            HttpServletResponse response,
                            Object handler,
                            @Nullable ModelAndView page) {
                        layouts.getObject().postHandle(request, response, handler, page);
                    }
                })
                .addPathPatterns(ConsolePaths.ALL);
    }

    @Bean
    ConsoleMessages messageSource() {
        return new ConsoleMessages();
    }

    @Bean
    LocaleResolver localeResolver() {
        return new LocaleResolver() {
            @Override
            public Locale resolveLocale(HttpServletRequest request) {
                return Language.of(request).locale();
            }

            @Override
            public void setLocale(
                    HttpServletRequest request, @Nullable HttpServletResponse response, @Nullable Locale locale) {
                throw new UnsupportedOperationException("the language is chosen by POST /preferences");
            }
        };
    }

    @Lazy
    @Bean
    CurlCommand curlCommand(SigningDialects dialects, ApiVersion version) {
        return new CurlCommand(dialects, version.text());
    }

    @Lazy
    @Bean
    SpringTemplateEngine templateEngine(ConsoleMessages messages) {
        ClassLoaderTemplateResolver templates =
                new ClassLoaderTemplateResolver(ConsoleMvcConfiguration.class.getClassLoader());
        templates.setPrefix("console/templates/");
        templates.setSuffix(".html");
        templates.setTemplateMode(TemplateMode.HTML);
        templates.setCharacterEncoding("UTF-8");
        SpringTemplateEngine engine = new SpringTemplateEngine();
        engine.setTemplateResolver(templates);
        engine.setTemplateEngineMessageSource(messages);
        return engine;
    }

    @Lazy
    @Bean
    ThymeleafViews thymeleafViews(SpringTemplateEngine engine, org.springframework.context.ApplicationContext context) {
        ThymeleafViewResolver resolver = new ThymeleafViewResolver();
        resolver.setTemplateEngine(engine);
        resolver.setCharacterEncoding("UTF-8");
        resolver.setContentType("text/html; charset=utf-8");
        resolver.setApplicationContext(context);
        return new ThymeleafViews(resolver);
    }

    /** Not itself a {@link ViewResolver}: the dispatcher would make it at its start. */
    record ThymeleafViews(ViewResolver resolver) {}

    @Bean
    ViewResolver consoleViewResolver(ObjectProvider<ThymeleafViews> thymeleaf) {
        return (name, locale) -> thymeleaf.getObject().resolver().resolveViewName(name, locale);
    }
}
