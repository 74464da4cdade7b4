package dev.rung.channel.alipay;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Times as Alipay writes them: to the second, of Shanghai's clocks. */
final class AlipayTime {
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private AlipayTime() {}

    static String text(Instant instant) {
        return FORM.format(instant.atZone(ZONE));
    }

    /** Null when it is not a time: a payment is not doubted because it is not said when it was made. */
    static @Nullable Instant parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            // Some callbacks carry milliseconds.
            return LocalDateTime.parse(text.length() > 19 ? text.substring(0, 19) : text, FORM)
                    .atZone(ZONE)
                    .toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
