package dev.rung.delivery.http;

import java.io.IOException;

/** Recognizes a server that speaks only HTTP/2: instead of a response it sends a frame on stream 0, first of all SETTINGS. */
final class Http2Detector {
    private static final int FRAME_HEAD_BYTES = 9;
    private static final int TYPE_SETTINGS = 4;
    private static final int TYPE_GOAWAY = 7;

    private final byte[] start = new byte[FRAME_HEAD_BYTES];
    private int length;

    /** The server does not speak HTTP/1.1. */
    static final class Http2Exception extends IOException {
        private static final long serialVersionUID = 1L;

        Http2Exception() {
            super("it speaks HTTP/2 only; HTTP/1.1 is required");
        }
    }

    /** A new request is sent. */
    void reset() {
        length = 0;
    }

    /** Examines the first bytes that came after the request. */
    void received(byte[] bytes, int offset, int count) throws Http2Exception {
        if (length >= FRAME_HEAD_BYTES) {
            return;
        }
        int more = Math.min(count, FRAME_HEAD_BYTES - length);
        System.arraycopy(bytes, offset, start, length, more);
        length += more;
        if (length == FRAME_HEAD_BYTES && isFrame()) {
            throw new Http2Exception();
        }
    }

    /** A short frame of a connection-wide type on stream 0; an HTTP/1.1 response begins with "HTTP/1." instead. */
    private boolean isFrame() {
        boolean isShort = start[0] == 0 && start[1] == 0;
        boolean isStreamZero = start[5] == 0 && start[6] == 0 && start[7] == 0 && start[8] == 0;
        return isShort && isStreamZero && (start[3] == TYPE_SETTINGS || start[3] == TYPE_GOAWAY);
    }
}
