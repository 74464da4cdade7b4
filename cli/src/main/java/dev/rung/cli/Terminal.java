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
 * What a command sees of the world around it: streams, environment, working directory.
 *
 * @param interactive whether a person looks on: input and output are a terminal
 * @param colour whether colours may be used: on a terminal only, and never against NO_COLOR
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

    /** The one of this process. */
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

    /** The "C" locale says ASCII where nobody has set any: terminals of our days read UTF-8 all the same. */
    private static Charset outputCharset() {
        Charset said = Charset.forName(System.getProperty("stdout.encoding", "UTF-8"));
        return said.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : said;
    }

    private static boolean isTerminal(@Nullable Console console) {
        return console != null && console.isTerminal();
    }

    /** The text in this ink, where colours may be used. */
    String paint(AnsiStyle ink, String text) {
        return colour && ink != AnsiStyle.PLAIN ? ink.begin() + text + AnsiStyle.END : text;
    }

    /** A sign, or what stands for it where the terminal cannot show it. */
    String sign(String sign, String substitute) {
        return charset.newEncoder().canEncode(sign) ? sign : substitute;
    }
}
