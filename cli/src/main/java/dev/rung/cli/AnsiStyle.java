package dev.rung.cli;

/** The style of a text on a terminal. */
enum AnsiStyle {
    PLAIN(""),
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    CYAN("36");

    static final String END = "\u001b[0m";

    private final String code;

    AnsiStyle(String code) {
        this.code = code;
    }

    String begin() {
        return "\u001b[" + code + "m";
    }
}
