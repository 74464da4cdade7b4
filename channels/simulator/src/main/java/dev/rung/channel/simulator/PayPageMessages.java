package dev.rung.channel.simulator;

import dev.rung.payments.model.Money;
import java.math.BigDecimal;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** The page's messages in the reader's language: English or simplified Chinese. */
record PayPageMessages(Locale locale, ResourceBundle texts) {
    private static final List<Locale> KNOWN = List.of(Locale.ENGLISH, Locale.CHINESE);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT);

    /** The first supported language of {@code Accept-Language}; otherwise English. */
    static PayPageMessages of(@Nullable String acceptLanguage) {
        Locale locale = locale(acceptLanguage);
        // No fallback to the machine's default locale, which is not the reader's language.
        ResourceBundle texts = ResourceBundle.getBundle(
                "dev.rung.channel.simulator.messages",
                locale.equals(Locale.CHINESE) ? locale : Locale.ROOT,
                PayPageMessages.class.getClassLoader(),
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
        return new PayPageMessages(locale, texts);
    }

    private static Locale locale(@Nullable String acceptLanguage) {
        if (acceptLanguage == null || acceptLanguage.length() > 1_000) {
            return Locale.ENGLISH;
        }
        try {
            Locale found = Locale.lookup(Locale.LanguageRange.parse(acceptLanguage), KNOWN);
            return found == null ? Locale.ENGLISH : found;
        } catch (IllegalArgumentException e) {
            return Locale.ENGLISH;
        }
    }

    /** The language tag for HTML. */
    String language() {
        return locale.equals(Locale.CHINESE) ? "zh-Hans" : "en";
    }

    String text(String key, Object... values) {
        return new MessageFormat(texts.getString(key), locale).format(values);
    }

    /** In major units with the currency sign, exact. */
    String amount(Money money) {
        Locale where = locale.equals(Locale.CHINESE) ? Locale.SIMPLIFIED_CHINESE : Locale.US;
        NumberFormat format = NumberFormat.getCurrencyInstance(where);
        int digits = money.currency().getDefaultFractionDigits();
        format.setCurrency(money.currency());
        format.setMinimumFractionDigits(digits);
        format.setMaximumFractionDigits(digits);
        return format.format(BigDecimal.valueOf(money.value(), digits));
    }

    String time(Instant at) {
        return TIME.format(at.atZone(ZoneOffset.UTC));
    }
}
