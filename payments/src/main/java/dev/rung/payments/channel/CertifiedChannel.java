package dev.rung.payments.channel;

import java.time.Instant;
import java.util.List;

/** A channel whose account uses certificates that expire. */
public interface CertifiedChannel {
    /** The certificates in use; of those that replace each other, the one that expires last. */
    List<Certificate> certificates();

    /**
     * A certificate.
     *
     * @param member names it within the account, such as {@code app_cert}
     */
    record Certificate(String member, Instant expiresAt) {}
}
