package dev.rung.channel.wechatpay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.rung.channel.gateway.Deadline;
import dev.rung.channel.gateway.GatewayClient.Reply;
import dev.rung.channel.gateway.JsonObject;
import dev.rung.channel.gateway.KeptFile;
import dev.rung.channel.gateway.RsaKeys;
import dev.rung.channel.gateway.TextLimits;
import dev.rung.channel.wechatpay.WechatpayAccount.Verifier;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * WeChat Pay's keys: those of the settings, and its platform certificates, which are fetched. An account without a public key fetches them twice a day, as WeChat
 * Pay adds a new one a day before it is used; any account fetches them when a certificate is named that it does not have. The last answer is kept in a file: the
 * APIv3 key proves it. A certificate counts until it expires, whether or not it is still offered. Thread-safe.
 */
final class WechatpayKeys {
    static final String TARGET = "/v3/certificates";

    private static final Duration RENEWED_EVERY = Duration.ofHours(10);

    /** What is not verified yet may name any certificate, so that fetching is limited. */
    private static final Duration FETCH_PAUSE = Duration.ofMinutes(1);

    /** Without any key nothing can be verified, so that it is tried again soon. */
    private static final Duration FIRST_FETCH_PAUSE = Duration.ofSeconds(5);

    private final WechatpayAccount account;
    private final Function<Deadline, Reply> download;
    private final KeptFile file;
    private final InstantSource clock;
    private volatile List<Verifier> known;
    private Instant nextFetch = Instant.MIN;
    private volatile Instant renewAt = Instant.MIN;
    private volatile @Nullable String fault;

    /**
     * Creates them.
     *
     * @param download a signed call of {@link #TARGET}
     */
    WechatpayKeys(WechatpayAccount account, Function<Deadline, Reply> download, KeptFile file, InstantSource clock) {
        this.account = account;
        this.download = download;
        this.file = file;
        this.clock = clock;
        this.known = account.verifiers();
        file.read().ifPresent(this::recall);
    }

    private void recall(byte[] answer) {
        try {
            keep(open(answer));
        } catch (IllegalArgumentException e) {
            fault = e.getMessage(); // of another APIv3 key: fetched again
        }
    }

    /** The key of this name; fetches the certificates if it may be one of them. */
    Optional<Verifier> find(String serial, Deadline deadline) {
        Optional<Verifier> found = named(known, serial);
        if (found.isEmpty() && serial.matches("[0-9A-Fa-f]{8,64}")) {
            fetch(deadline, serial);
            return named(known, serial);
        }
        return found;
    }

    private static Optional<Verifier> named(List<Verifier> verifiers, String serial) {
        return verifiers.stream().filter(each -> each.isNamed(serial)).findFirst();
    }

    /**
     * The key that WeChat Pay is asked to sign with: a public key, as it does not expire, or the certificate that expires last; empty if none is known.
     */
    Optional<String> preferredSerial() {
        return newest().map(Verifier::serial);
    }

    /** The key that expires last. */
    Optional<Verifier> newest() {
        return known.stream()
                .max(Comparator.comparing(verifier -> Objects.requireNonNullElse(verifier.expiresAt(), Instant.MAX)));
    }

    /** Fetches the certificates if it is time to, and the account relies on them. */
    void renew(Deadline deadline) {
        if (!account.hasPublicKey() && !clock.instant().isBefore(renewAt)) {
            fetch(deadline, null);
        }
    }

    /** Why the certificates could not be fetched the last time; empty if they were, or never had to be. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Fetches the certificates, unless that was tried just before, or another thread has found the one that is wanted. */
    private synchronized void fetch(Deadline deadline, @Nullable String wanted) {
        Instant now = clock.instant();
        if (now.isBefore(nextFetch) || wanted != null && named(known, wanted).isPresent()) {
            return;
        }
        nextFetch = now.plus(known.isEmpty() ? FIRST_FETCH_PAUSE : FETCH_PAUSE);
        renewAt = nextFetch;
        try {
            fetch(deadline);
            renewAt = now.plus(RENEWED_EVERY);
            fault = null;
        } catch (IllegalArgumentException e) {
            fault = e.getMessage();
        }
    }

    private void fetch(Deadline deadline) {
        switch (download.apply(deadline)) {
            case Reply.None(String reason) -> throw new IllegalArgumentException(reason);
            case Reply.Answer answer
            when answer.status() != 200 ->
                throw new IllegalArgumentException("the gateway's response (" + answer.status() + ") is: "
                        + TextLimits.truncate(TextLimits.answer(answer.body()), 200));
            case Reply.Answer answer -> {
                List<Verifier> offered = open(answer.body());
                // The first answer is signed by a certificate that it contains itself; that these were sealed with the
                // APIv3 key proves them.
                List<Verifier> all = new ArrayList<>(known);
                all.addAll(offered);
                WechatpaySignatures.fault(
                                name -> answer.headers().firstValue(name).orElse(null),
                                answer.body(),
                                clock.instant(),
                                serial -> named(all, serial))
                        .ifPresent(unsigned -> {
                            throw new IllegalArgumentException("the gateway's response is " + unsigned);
                        });
                keep(offered);
                file.write(answer.body());
            }
        }
    }

    private synchronized void keep(List<Verifier> offered) {
        Instant now = clock.instant();
        List<Verifier> kept = new ArrayList<>(account.verifiers());
        for (List<Verifier> more : List.of(offered, known)) {
            for (Verifier verifier : more) {
                if (named(kept, verifier.serial()).isEmpty() && !verifier.isExpired(now)) {
                    kept.add(verifier);
                }
            }
        }
        known = List.copyOf(kept);
    }

    private List<Verifier> open(byte[] answer) {
        List<Verifier> verifiers = new ArrayList<>();
        for (JsonObject item : JsonObject.parse(answer).objects("data")) {
            JsonObject sealed = item.object("encrypt_certificate");
            if (sealed == null) {
                throw new IllegalArgumentException("a certificate of the answer is missing");
            }
            byte[] pem = SealedResource.open(sealed, account.apiV3Key());
            RsaKeys.certificates(new String(pem, ISO_8859_1))
                    .forEach(certificate -> verifiers.add(Verifier.of(certificate)));
        }
        if (verifiers.isEmpty()) {
            throw new IllegalArgumentException("the answer has no certificates");
        }
        return verifiers;
    }
}
