package dev.rung.console;

import dev.rung.core.port.StoreException;
import dev.rung.web.JsonWriter;
import dev.rung.web.Problem;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Streams changes of the overview once a second. Thread-safe. */
@Lazy
@Controller
final class LiveOverview {
    private static final int STREAMS_MAX = 100;
    private static final int SECONDS_PER_HEARTBEAT = 15;

    private final OverviewPage overview;
    private final Sessions sessions;
    private final Semaphore streams = new Semaphore(STREAMS_MAX);
    private final ConsoleClosing closed;

    /**
     * @param closed ends all streams when the server stops
     */
    LiveOverview(OverviewPage overview, Sessions sessions, ConsoleClosing closed) {
        this.overview = overview;
        this.sessions = sessions;
        this.closed = closed;
    }

    @GetMapping("/console/live")
    void stream(ConsoleSession session, Language language, HttpServletResponse response) throws IOException {
        if (!streams.tryAcquire()) {
            throw Problem.unavailable("too_many_streams", "Too many consoles are open.", 10)
                    .asException();
        }
        try {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            response.setHeader("X-Accel-Buffering", "no");
            new Streaming(language, session, response.getOutputStream()).run();
        } finally {
            streams.release();
        }
    }

    /** The stream of one open page. */
    private final class Streaming {
        private final Language language;
        private final ConsoleSession session;
        private final OutputStream out;
        private final Map<String, String> shown = new HashMap<>();
        private long slot;
        private int idleSeconds;

        Streaming(Language language, ConsoleSession session, OutputStream out) {
            this.language = language;
            this.session = session;
            this.out = out;
        }

        void run() throws IOException {
            slot = overview.lastSlot();
            send("history", overview.history(slot));
            try {
                do {
                    sendChanges();
                } while (!closed.await(Duration.ofSeconds(1)) && isGood());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean isGood() {
            try {
                return sessions.isValid(session);
            } catch (StoreException e) {
                return true; // keep showing the overview while the store is unavailable
            }
        }

        private void sendChanges() throws IOException {
            Map<String, String> changed = new LinkedHashMap<>();
            overview.parts(language).forEach((id, html) -> {
                if (!html.equals(shown.put(id, html))) {
                    changed.put(id, html);
                }
            });
            if (!changed.isEmpty()) {
                send("parts", json(changed));
            }
            long last = overview.lastSlot();
            if (last > slot) {
                slot = last;
                send("point", overview.point(slot));
            }
            if (++idleSeconds >= SECONDS_PER_HEARTBEAT) {
                out.write(": heartbeat\n\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                idleSeconds = 0;
            }
        }

        private void send(String event, String data) throws IOException {
            out.write(("event: " + event + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            idleSeconds = 0;
        }
    }

    private static String json(Map<String, String> members) {
        byte[] text = JsonWriter.write(g -> {
            g.writeStartObject();
            members.forEach(g::writeStringProperty);
            g.writeEndObject();
        });
        return new String(text, StandardCharsets.UTF_8);
    }
}
