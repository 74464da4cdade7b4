package dev.rung.server.http;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;

/** A body; the connection knows while its client is waited for. */
final class TimedInput extends ServletInputStream {
    private final ServletInputStream in;
    private final ClientConnection connection;
    private long waited;
    private long received;

    TimedInput(ServletInputStream in, ClientConnection connection) {
        this.in = in;
        this.connection = connection;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        long now = System.nanoTime();
        connection.awaitBody(now - waited, received);
        try {
            int n = in.read(buffer, offset, length);
            received += Math.max(0, n);
            return n;
        } finally {
            waited += System.nanoTime() - now;
            connection.goOn();
        }
    }

    @Override
    public boolean isFinished() {
        return in.isFinished();
    }

    @Override
    public boolean isReady() {
        return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
        in.setReadListener(listener);
    }
}
