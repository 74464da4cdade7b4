package dev.rung.channel.alipay;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Times in Alipay's format: whole seconds, time zone Asia/Shanghai. */
final class AlipayTime {
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private AlipayTime() {}

    static String text(Instant instant) {
        return FORM.format(instant.atZone(ZONE));
    }

    /** Null if the text is not a time: a missing time does not make a payment doubtful. */
    static @Nullable Instant parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            // Some callbacks contain milliseconds.
            return LocalDateTime.parse(text.length() > 19 ? text.substring(0, 19) : text, FORM)
                    .atZone(ZONE)
                    .toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
