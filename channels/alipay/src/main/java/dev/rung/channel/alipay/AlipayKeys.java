package dev.rung.channel.alipay;

import dev.rung.channel.gateway.Deadline;
import java.security.PublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of Alipay that an account trusts. Thread-safe. */
interface AlipayKeys {
    /**
     * The key that an answer has to be signed with. May call Alipay until the deadline.
     *
     * @param certSn the answer's {@code alipay_cert_sn}
     * @throws IllegalArgumentException if there is none; the message continues "the gateway's response is"
     */
    PublicKey ofAnswer(@Nullable String certSn, Deadline deadline);

    /** The keys that a callback may be signed with: it does not name its certificate. */
    List<PublicKey> ofCallbacks();

    /** Alipay's public key, in the public-key mode. */
    record Fixed(PublicKey key) implements AlipayKeys {
        @Override
        public PublicKey ofAnswer(@Nullable String certSn, Deadline deadline) {
            return key;
        }

        @Override
        public List<PublicKey> ofCallbacks() {
            return List.of(key);
        }
    }
}
