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

/** A user signed in to the console, with a client that renders nothing. */
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
                .orElseThrow(() -> new IOException("the sign-in at the console failed"));
        cookie = line.substring(0, line.indexOf(';'));
    }

    /** Requests a page and follows its redirect; returns the final page. */
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

    /**
     * Opens the overview as a browser does at the first visit: the page, its assets and the event stream. Keeps it
     * open.
     */
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
                // The user has closed the page; or the stream broke, and isOpen() tells the caller.
                return;
            }
        }

        /** Whether the stream is still open. */
        boolean isOpen() {
            return thread.isAlive();
        }

        /** Bytes received on the stream. */
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
