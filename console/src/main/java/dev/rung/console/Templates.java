package dev.rung.console;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thymeleaf.context.Context;
import org.thymeleaf.context.ITemplateContext;
import org.thymeleaf.messageresolver.AbstractMessageResolver;
import org.thymeleaf.spring6.SpringTemplateEngine;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;

/** Renders Thymeleaf templates. Thread-safe. */
final class Templates {
    private final SpringTemplateEngine engine = new SpringTemplateEngine();
    private final ConsoleMessages messages;

    Templates(ConsoleMessages messages) {
        this.messages = messages;
        ClassLoaderTemplateResolver resolver = new ClassLoaderTemplateResolver(Templates.class.getClassLoader());
        resolver.setPrefix("console/templates/");
        resolver.setSuffix(".html");
        resolver.setTemplateMode(TemplateMode.HTML);
        resolver.setCharacterEncoding("UTF-8");
        engine.setTemplateResolver(resolver);
        engine.setMessageResolver(new Resolver());
    }

    /**
     * Renders a template.
     *
     * @param name of the template, or {@code template :: fragment}
     */
    String render(String name, Language language, Map<String, Object> model) {
        Context context = new Context(language.locale(), model);
        int colons = name.indexOf("::");
        return colons < 0
                ? engine.process(name, context)
                : engine.process(
                        name.substring(0, colons).strip(),
                        java.util.Set.of(name.substring(colons + 2).strip()),
                        context);
    }

    /** Resolves messages from {@link ConsoleMessages}. */
    private final class Resolver extends AbstractMessageResolver {
        @Override
        public @Nullable String resolveMessage(
                ITemplateContext context, Class<?> origin, String key, Object @Nullable [] values) {
            return messages.get(languageOf(context.getLocale()), key, values == null ? new Object[0] : values);
        }

        @Override
        public String createAbsentMessageRepresentation(
                ITemplateContext context, Class<?> origin, String key, Object @Nullable [] values) {
            throw new IllegalArgumentException("no console message for the key " + key);
        }

        private static Language languageOf(Locale locale) {
            return locale.equals(Language.CHINESE.locale()) ? Language.CHINESE : Language.ENGLISH;
        }
    }
}
