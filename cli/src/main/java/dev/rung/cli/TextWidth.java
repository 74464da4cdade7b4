package dev.rung.cli;

/** The width of a text on a terminal, where Chinese characters take two columns and combining marks none. */
final class TextWidth {
    /** Ranges of characters that take two columns, from Unicode's East Asian Width. */
    private static final int[][] WIDE = {
        {0x1100, 0x115f},
        {0x2e80, 0x303e},
        {0x3041, 0x33ff},
        {0x3400, 0x4dbf},
        {0x4e00, 0xa4cf},
        {0xa960, 0xa97f},
        {0xac00, 0xd7a3},
        {0xf900, 0xfaff},
        {0xfe30, 0xfe6f},
        {0xff01, 0xff60},
        {0xffe0, 0xffe6},
        {0x20000, 0x3fffd}
    };

    private static final String CUT = "…";

    private TextWidth() {}

    static int of(String text) {
        return text.codePoints().map(TextWidth::of).sum();
    }

    /** The text, shortened with an ellipsis if it is wider than the maximum. */
    static String cut(String text, int max) {
        if (of(text) <= max) {
            return text;
        }
        StringBuilder cut = new StringBuilder();
        int left = max - of(CUT);
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int character = text.codePointAt(i);
            left -= of(character);
            if (left < 0) {
                break;
            }
            cut.appendCodePoint(character);
        }
        return cut.append(CUT).toString();
    }

    private static int of(int character) {
        return switch (Character.getType(character)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(character) ? 2 : 1;
        };
    }

    private static boolean isWide(int character) {
        for (int[] range : WIDE) {
            if (character >= range[0] && character <= range[1]) {
                return true;
            }
        }
        return Character.isEmojiPresentation(character);
    }
}
