package dev.rung.server.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/** A response; the connection knows while its client is waited for. */
final class TimedOutput extends ServletOutputStream {
    /** A write may block until the client has taken so much. */
    private static final int PART = 64 << 10;

    private final ServletOutputStream out;
    private final ClientConnection connection;
    private long waited;
    private long sent;

    TimedOutput(ServletOutputStream out, ClientConnection connection) {
        this.out = out;
        this.connection = connection;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        for (int from = offset; from < offset + length; from += PART) {
            int part = Math.min(PART, offset + length - from);
            long now = begin();
            try {
                out.write(buffer, from, part);
                sent += part;
            } finally {
                end(now);
            }
        }
    }

    @Override
    public void flush() throws IOException {
        long now = begin();
        try {
            out.flush();
        } finally {
            end(now);
        }
    }

    private long begin() {
        long now = System.nanoTime();
        connection.awaitReader(now - waited, sent);
        return now;
    }

    private void end(long began) {
        waited += System.nanoTime() - began;
        connection.goOn();
    }

    @Override
    public boolean isReady() {
        return out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
        out.setWriteListener(listener);
    }
}
