package dev.rung.delivery.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy that knows nothing but CONNECT. Ends with its server socket. */
final class Tunnels {
    private final List<String> heads = new CopyOnWriteArrayList<>();

    Tunnels(ServerSocket proxy) {
        Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    Socket client = proxy.accept();
                    Thread.startVirtualThread(() -> tunnel(client));
                }
            } catch (IOException _) {
                // Closed.
            }
        });
    }

    /** The first lines of what it was asked. */
    List<String> asked() {
        return heads.stream()
                .map(head -> head.substring(0, head.indexOf("\r\n")))
                .toList();
    }

    /** What it was asked, with all headers. */
    List<String> heads() {
        return heads;
    }

    private void tunnel(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            heads.add(head.toString());
            String line = head.substring(0, head.indexOf("\r\n"));
            String to = line.substring("CONNECT ".length(), line.lastIndexOf(' '));
            int colon = to.lastIndexOf(':');
            try (Socket target = new Socket(to.substring(0, colon), Integer.parseInt(to.substring(colon + 1)))) {
                client.getOutputStream()
                        .write("HTTP/1.1 200 Connection established\r\nx: y\r\n\r\n".getBytes(US_ASCII));
                Thread back = Thread.startVirtualThread(() -> pipe(target, client));
                pipe(client, target);
                back.join();
            }
        } catch (IOException | InterruptedException _) {
            // One of the two hung up.
        }
    }

    private static void pipe(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException _) {
            // One of the two hung up.
        }
    }
}
