package dev.rung.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A minimal keep-alive connection to the API, so that the producer costs little CPU. Not thread-safe. */
final class BenchHttp implements AutoCloseable {
    private final URI server;
    private final String method;
    private final String apiKey;
    private final byte[] head;
    private Socket socket;
    private InputStream in;
    private OutputStream out;

    /** An answer, with the body as text. */
    record Answer(int status, String body) {}

    BenchHttp(URI server, String apiKey, String method, String path) throws IOException {
        this.server = server;
        socket = connect();
        in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        out = socket.getOutputStream();
        this.method = method;
        this.apiKey = apiKey;
        head = head(path);
    }

    private byte[] head(String path) {
        return (method + " " + path + " HTTP/1.1\r\nhost: " + server.getAuthority() + "\r\nauthorization: Bearer "
                        + apiKey + "\r\ncontent-type: application/json\r\ncontent-length: ")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private Socket connect() throws IOException {
        Socket made = new Socket(InetAddress.getByName(server.getHost()), server.getPort());
        made.setTcpNoDelay(true);
        return made;
    }

    /** The server ends a connection that has sent many requests without a pause. */
    private void reconnect() throws IOException {
        socket.close();
        socket = connect();
        in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        out = socket.getOutputStream();
    }

    Answer exchange(byte[] body) throws IOException {
        return exchange(head, body);
    }

    /** With another path. */
    Answer exchange(String path, byte[] body) throws IOException {
        return exchange(head(path), body);
    }

    private Answer exchange(byte[] head, byte[] body) throws IOException {
        byte[] length = (body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[head.length + length.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(length, 0, request, head.length, length.length);
        System.arraycopy(body, 0, request, head.length + length.length, body.length);
        out.write(request);
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        int contentLength = 0;
        boolean chunked = false;
        boolean last = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                contentLength = Integer.parseInt(
                        lower.substring("content-length:".length()).strip());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.contains("chunked");
            } else if (lower.startsWith("connection:")) {
                last = lower.contains("close");
            }
        }
        String text = chunked ? chunks() : new String(exactly(contentLength), StandardCharsets.UTF_8);
        if (last) {
            reconnect();
        }
        return new Answer(status, text);
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.append(new String(exactly(size), StandardCharsets.UTF_8));
            line();
        }
        line();
        return body.toString();
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the server closed the connection");
        }
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
