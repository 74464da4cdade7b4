package dev.rung.delivery.http;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Explains why a body that looks like the expected word is not equal to it. */
final class HiddenCharacters {
    private static final int BYTE_ORDER_MARK = 0xfeff;

    private HiddenCharacters() {}

    /** The reason why a body is not the word, as a sentence. */
    static String explain(byte[] body, int length, String word) {
        String plain = "the body is not \"" + word + "\"";
        Charset utf16 = utf16(body, length);
        if (utf16 != null) {
            String text = new String(body, 0, length, utf16);
            return visible(text).equalsIgnoreCase(word)
                    ? plain + ": it is encoded in UTF-16 instead of ASCII or UTF-8"
                    : plain;
        }
        String text = new String(body, 0, length, StandardCharsets.UTF_8);
        if (!visible(text).equalsIgnoreCase(word)) {
            return plain;
        }
        if (text.codePointAt(0) == BYTE_ORDER_MARK) {
            return plain + ": it begins with a byte order mark (BOM, the bytes EF BB BF)";
        }
        return text.codePoints()
                .filter(c -> isHidden(c) && c > ' ')
                .mapToObj(c -> plain + ": it contains the invisible character " + name(c))
                .findFirst()
                .orElseGet(() -> text.codePoints()
                        .filter(c -> c < ' ' && !Character.isWhitespace(c))
                        .mapToObj(c -> plain + ": it contains the control character " + name(c))
                        .findFirst()
                        .orElse(plain));
    }

    private static @Nullable Charset utf16(byte[] body, int length) {
        if (length < 2) {
            return null;
        }
        int mark = (body[0] & 0xff) << 8 | body[1] & 0xff;
        return mark == BYTE_ORDER_MARK || body[0] == 0
                ? StandardCharsets.UTF_16BE
                : mark == 0xfffe || body[1] == 0 ? StandardCharsets.UTF_16LE : null;
    }

    private static String visible(String text) {
        return text.codePoints()
                .filter(c -> !isHidden(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isHidden(int c) {
        return Character.isISOControl(c)
                || Character.getType(c) == Character.FORMAT
                || Character.isWhitespace(c)
                || Character.isSpaceChar(c);
    }

    private static String name(int c) {
        return String.format(Locale.ROOT, "U+%04X", c);
    }
}
