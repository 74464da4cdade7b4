package dev.rung.cli;

import java.io.Console;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The environment of a command: streams, environment variables, working directory.
 *
 * @param interactive whether input and output are a terminal
 * @param colour whether to use colours: on a terminal only, and not if NO_COLOR is set
 */
record Terminal(
        InputStream in,
        PrintWriter out,
        PrintWriter err,
        Map<String, String> environment,
        Path workingDirectory,
        Charset charset,
        boolean interactive,
        boolean colour) {

    /** The terminal of this process. */
    static Terminal ofProcess() {
        Map<String, String> environment = System.getenv();
        Charset charset = outputCharset();
        boolean interactive = isTerminal(System.console())
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Terminal(
                System.in,
                writer(System.out, charset),
                writer(System.err, charset),
                environment,
                Path.of("").toAbsolutePath(),
                charset,
                interactive,
                interactive && environment.getOrDefault("NO_COLOR", "").isEmpty());
    }

    private static PrintWriter writer(OutputStream stream, Charset charset) {
        return new PrintWriter(stream, true, charset);
    }

    /** ASCII usually means that no locale is set; terminals display UTF-8 anyway. */
    private static Charset outputCharset() {
        Charset reported = Charset.forName(System.getProperty("stdout.encoding", "UTF-8"));
        return reported.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : reported;
    }

    private static boolean isTerminal(@Nullable Console console) {
        return console != null && console.isTerminal();
    }

    /** The text in a style, if colours are used. */
    String paint(AnsiStyle style, String text) {
        return colour && style != AnsiStyle.PLAIN ? style.begin() + text + AnsiStyle.END : text;
    }

    /** The symbol, or the substitute if the terminal's charset lacks it. */
    String sign(String sign, String substitute) {
        return charset.newEncoder().canEncode(sign) ? sign : substitute;
    }
}
