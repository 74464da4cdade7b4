package dev.rung.api;

import dev.rung.api.NotificationRequestReader.Reading;
import dev.rung.core.model.TraceParent;
import dev.rung.core.port.Submission;
import dev.rung.web.BodyBudget;
import dev.rung.web.FieldReader;
import dev.rung.web.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** Reads the notifications that producers submit over AMQP: the same JSON as over HTTP. Thread-safe. */
public final class SubmissionReader {
    private static final int NAME_SHOWN_MAX = 64;

    private final NotificationRequestReader notifications;

    SubmissionReader(NotificationRequestReader notifications) {
        this.notifications = notifications;
    }

    /**
     * Reads a submission.
     *
     * @throws dev.rung.web.ProblemException 400, 413, 415 or 422
     * @throws dev.rung.core.port.StoreException if the check for a repeat fails because the store is unavailable
     */
    public Reading read(Submission submission) {
        String messageId = submission.messageId();
        Reading reading = notifications.read(
                FieldReader.ofBody(body(submission)),
                messageId == null || messageId.isEmpty() ? null : messageId,
                "message-id");
        String key = submission.routingKey();
        if (!key.isEmpty() && !key.equals(reading.merchantId().toString())) {
            throw Problem.invalid("routing key", "other_merchant", "is not the body's merchant_id")
                    .asException();
        }
        return reading.withTrace(TraceParent.parse(submission.traceparent()));
    }

    /**
     * The body without its compression.
     *
     * @throws dev.rung.web.ProblemException 400, 413 or 415
     */
    static byte[] body(Submission submission) {
        byte[] body = submission.body();
        if (body.length > BodyBudget.BODY_BYTES_MAX) {
            throw Problem.tooLarge(BodyBudget.BODY_BYTES_MAX).asException();
        }
        String encoding = submission.contentEncoding() == null ? "" : submission.contentEncoding();
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            // Spring AMQP writes the charset here, and behind "gzip".
            case "", "identity", "utf-8" -> body;
            case "gzip", "gzip:utf-8" -> inflated(body);
            default ->
                throw Problem.unsupportedMediaType("The content-encoding "
                                + encoding.substring(0, Math.min(encoding.length(), NAME_SHOWN_MAX))
                                + " is not supported; gzip is.")
                        .asException();
        };
    }

    private static byte[] inflated(byte[] body) {
        byte[] inflated;
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            inflated = in.readNBytes(BodyBudget.BODY_BYTES_MAX + 1);
        } catch (IOException e) {
            throw Problem.malformed("not_gzip", "The body is not valid gzip.").asException();
        }
        if (inflated.length > BodyBudget.BODY_BYTES_MAX) {
            throw Problem.tooLarge(BodyBudget.BODY_BYTES_MAX).asException();
        }
        return inflated;
    }
}
