package dev.rung.cli;

/** How a text is shown on a terminal that can. */
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
