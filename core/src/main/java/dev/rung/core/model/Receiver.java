package dev.rung.core.model;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a merchant's notifications go, and how.
 *
 * @param url of notifications that name none themselves; null: there is none
 * @param maxInFlight attempts in flight at once, in one process
 * @param timeout the total time of one attempt
 * @param rate attempts a second, of all processes together; null: no limit
 * @param headers sent with every request; null: none
 * @param signatureHeader the header that carries the signature, for dialects that leave it open; null: {@link #SIGNATURE_HEADER_DEFAULT}
 * @param tls null: the authorities that this machine trusts, no client certificate
 * @param traceContext whether requests have the {@code traceparent} of the notification's trace
 */
public record Receiver(
        @Nullable String url,
        LadderChoice ladder,
        Acknowledgement acknowledge,
        Keys keys,
        int maxInFlight,
        boolean paused,
        Duration timeout,
        @Nullable Double rate,
        @Nullable Headers headers,
        @Nullable String signatureHeader,
        @Nullable Tls tls,
        boolean traceContext) {

    public static final String SIGNATURE_HEADER_DEFAULT = "X-Signature";
    public static final int MAX_IN_FLIGHT_DEFAULT = 32;

    public static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(5);
    public static final Duration TIMEOUT_MIN = Duration.ofSeconds(1);
    public static final Duration TIMEOUT_MAX = Duration.ofSeconds(30);

    /** Default settings. */
    public static Receiver of(@Nullable String url, Keys keys) {
        return new Receiver(
                url,
                new LadderChoice.Named(Ladder.DEFAULT_NAME),
                Acknowledgement.STATUS_2XX,
                keys,
                MAX_IN_FLIGHT_DEFAULT,
                false,
                TIMEOUT_DEFAULT,
                null,
                null,
                null,
                null,
                false);
    }

    public Receiver withUrl(@Nullable String newUrl) {
        return with(copy -> copy.url = newUrl);
    }

    public Receiver withLadder(LadderChoice newLadder) {
        return with(copy -> copy.ladder = newLadder);
    }

    public Receiver withAcknowledge(Acknowledgement rule) {
        return with(copy -> copy.acknowledge = rule);
    }

    public Receiver withKeys(Keys newKeys) {
        return with(copy -> copy.keys = newKeys);
    }

    public Receiver withMaxInFlight(int max) {
        return with(copy -> copy.maxInFlight = max);
    }

    public Receiver withPaused(boolean nowPaused) {
        return with(copy -> copy.paused = nowPaused);
    }

    public Receiver withTimeout(Duration newTimeout) {
        return with(copy -> copy.timeout = newTimeout);
    }

    public Receiver withHeaders(@Nullable Headers newHeaders) {
        return with(copy -> copy.headers = newHeaders);
    }

    public Receiver withTls(@Nullable Tls newTls) {
        return with(copy -> copy.tls = newTls);
    }

    private Receiver with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.receiver();
    }

    /** The components that change, one at a time. */
    private static final class Copy {
        private final @Nullable Double rate;
        private final @Nullable String signatureHeader;
        private final boolean traceContext;
        private @Nullable String url;
        private LadderChoice ladder;
        private Acknowledgement acknowledge;
        private Keys keys;
        private int maxInFlight;
        private boolean paused;
        private Duration timeout;
        private @Nullable Headers headers;
        private @Nullable Tls tls;

        Copy(Receiver of) {
            url = of.url;
            ladder = of.ladder;
            acknowledge = of.acknowledge;
            keys = of.keys;
            maxInFlight = of.maxInFlight;
            paused = of.paused;
            timeout = of.timeout;
            rate = of.rate;
            headers = of.headers;
            signatureHeader = of.signatureHeader;
            tls = of.tls;
            traceContext = of.traceContext;
        }

        Receiver receiver() {
            return new Receiver(
                    url,
                    ladder,
                    acknowledge,
                    keys,
                    maxInFlight,
                    paused,
                    timeout,
                    rate,
                    headers,
                    signatureHeader,
                    tls,
                    traceContext);
        }
    }

    public String signatureHeaderOrDefault() {
        return signatureHeader == null ? SIGNATURE_HEADER_DEFAULT : signatureHeader;
    }

    /**
     * Static request headers.
     *
     * @param names in the order of the values
     * @param sealed the values, sealed under the master key
     */
    @SuppressWarnings("ArrayRecordComponent") // passed from store to vault; never compared
    public record Headers(List<String> names, byte[] sealed) {
        @Override
        public String toString() {
            return "Headers" + names;
        }
    }

    /**
     * A private certificate authority, and a client certificate.
     *
     * @param ca the only authorities that are trusted, PEM; null: those that this machine trusts
     * @param clientCert the client certificate, and those that issued it, PEM; null: none
     * @param sealedKey the key of the client certificate, sealed under the master key; null: none
     */
    @SuppressWarnings("ArrayRecordComponent") // passed from store to vault; never compared
    public record Tls(@Nullable String ca, @Nullable String clientCert, byte @Nullable [] sealedKey) {
        @Override
        public String toString() {
            return "Tls[" + (ca == null ? "" : "ca ") + (clientCert == null ? "" : "client") + "]";
        }
    }

    /**
     * The keys that sign its notifications.
     *
     * @param current the signing key, sealed under the master key
     * @param publicKey the key that verifies, where signing is asymmetric: base64
     * @param earlier keys before rotations, oldest first
     */
    @SuppressWarnings("ArrayRecordComponent") // sealed bytes go from store to vault; they are never compared
    public record Keys(
            Signing signing, byte[] current, @Nullable String publicKey, List<EarlierKey> earlier) {
        /** Keys that may be valid at once, the current one included. */
        public static final int VALID_MAX = 5;

        /** A first key. */
        public static Keys of(Signing signing, byte[] current, @Nullable String publicKey) {
            return new Keys(signing, current, publicKey, List.of());
        }

        /** The earlier keys that still sign at that time (epoch milliseconds), oldest first. */
        public List<EarlierKey> earlierAt(long now) {
            return earlier.stream().filter(key -> now < key.until()).toList();
        }

        /** Until when any earlier key signs, epoch milliseconds; null if there is none. */
        public @Nullable Long earlierUntil() {
            return earlier.stream().map(EarlierKey::until).max(Long::compare).orElse(null);
        }

        /**
         * Replaces the current key, which signs too until then. Keys that have expired are dropped.
         *
         * @param until epoch milliseconds; not after {@code now}: every earlier key ends at once
         */
        public Keys rotated(byte[] next, @Nullable String nextPublicKey, long now, long until) {
            List<EarlierKey> kept = until <= now
                    ? List.of()
                    : Stream.concat(earlierAt(now).stream(), Stream.of(new EarlierKey(current, until)))
                            .toList();
            return new Keys(signing, next, nextPublicKey, kept);
        }

        @Override
        public String toString() {
            return "Keys[" + signing.text() + "]";
        }
    }

    /**
     * A key before a rotation.
     *
     * @param sealed under the master key
     * @param until signs until then, epoch milliseconds
     */
    @SuppressWarnings("ArrayRecordComponent") // as Keys
    public record EarlierKey(byte[] sealed, long until) {
        /** Whether both are the same key. */
        public boolean isSameAs(EarlierKey other) {
            return Arrays.equals(sealed, other.sealed);
        }

        @Override
        public String toString() {
            return "EarlierKey[until=" + until + "]";
        }
    }
}
