package dev.rung.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody who has signed in at the console, with a browser that draws nothing. */
final class ConsoleUser implements AutoCloseable {
    private static final Pattern ASSET = Pattern.compile("(?:href|src)=\"(/console/assets/[^\"]+)\"");

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI server;
    private final String cookie;

    ConsoleUser(URI server, String key) throws IOException {
        this.server = server;
        HttpRequest signIn = HttpRequest.newBuilder(server.resolve("/sign-in"))
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("key=" + key))
                .build();
        String line = send(signIn, BodyHandlers.discarding())
                .headers()
                .firstValue("set-cookie")
                .orElseThrow(() -> new IOException("the console let nobody in"));
        cookie = line.substring(0, line.indexOf(';'));
    }

    /** Asks for a page, and for the one that this one sends to; answers it. */
    String see(String path) throws IOException {
        HttpResponse<String> answer = ask(path);
        if (answer.statusCode() == 303) {
            answer = ask(answer.headers().firstValue("location").orElse("/"));
        }
        if (answer.statusCode() != 200) {
            throw new IOException("the console answered " + answer.statusCode() + " for " + path);
        }
        return answer.body();
    }

    private HttpResponse<String> ask(String path) throws IOException {
        return send(request(path), BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    /** Opens the overview as a browser does for the first time, and leaves it open: page, whatever that asks for, stream. */
    Watch watch() {
        return new Watch();
    }

    /** An open overview. */
    final class Watch {
        private final LongAdder bytes = new LongAdder();
        private final Thread thread = Thread.ofVirtual().start(this::run);

        private void run() {
            try {
                Matcher assets = ASSET.matcher(see("/"));
                while (assets.find()) {
                    see(assets.group(1));
                }
                try (InputStream in = send(request("/console/live"), BodyHandlers.ofInputStream())
                        .body()) {
                    byte[] buffer = new byte[8 << 10];
                    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                        bytes.add(read);
                    }
                }
            } catch (IOException e) {
                // This person has left; or it broke, and whoever measures finds it no longer open.
                return;
            }
        }

        /** Whether more may come. */
        boolean isOpen() {
            return thread.isAlive();
        }

        /** How much has come by the stream. */
        long bytes() {
            return bytes.sum();
        }
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(server.resolve(path))
                .header("cookie", cookie)
                .build();
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) throws IOException {
        try {
            return http.send(request, body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
