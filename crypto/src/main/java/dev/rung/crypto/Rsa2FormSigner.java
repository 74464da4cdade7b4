package dev.rung.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.Signing;
import dev.rung.crypto.dialect.DialectKey;
import dev.rung.crypto.dialect.SigningDialect;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Converts a payload into a signed form in Alipay's dialect. Thread-safe.
 *
 * <p>The fields are the payload's top-level members in their order, then {@code notify_id}, {@code notify_time}, {@code notify_type}
 * (left out without an event type), {@code sign_type} and {@code sign}. Strings are unescaped; numbers, {@code true}, {@code
 * false}, {@code null}, objects and arrays are copied as their bytes in the payload. {@code notify_time} is the time of acceptance in
 * Alipay's form and Alipay's zone, GMT+8.
 *
 * <p>The signature is RSA2 over all fields but {@code sign} and {@code sign_type}, sorted by name, as {@code
 * AlipaySignature.rsaCheckV1} of Alipay's SDK verifies it.
 */
public final class Rsa2FormSigner implements SigningDialect {
    public static final String CONTENT_TYPE = FormFields.CONTENT_TYPE;

    private static final Set<String> RESERVED = Set.of("notify_id", "notify_time", "notify_type", "sign_type", "sign");
    private static final DateTimeFormatter ALIPAY_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.ofHours(8));

    @Override
    public String name() {
        return Signing.RSA2_FORM.text();
    }

    @Override
    public Optional<String> check(byte[] payload) {
        return FormFields.check(payload, name(), RESERVED);
    }

    @Override
    public Signed sign(Message m) {
        byte[] form = form(m.id(), m.keys(), m.content(), m.payload());
        return new Signed(FormFields.CONTENT_TYPE, form, Map.of());
    }

    /**
     * The body to send.
     *
     * @param keys while keys rotate, the oldest signs, because a form holds one signature
     * @throws IllegalArgumentException if {@link #check} rejects the payload
     */
    byte[] form(NotificationId id, List<? extends DialectKey> keys, Delivery.Content content, byte[] payload) {
        Map<String, String> fields = FormFields.read(payload, name());
        fields.put("notify_id", id.toString());
        fields.put("notify_time", ALIPAY_TIME.format(Instant.ofEpochMilli(content.createdAt())));
        String eventType = content.eventType();
        if (eventType != null) {
            fields.put("notify_type", eventType);
        }
        byte[] signature = key(keys).sign(textToSign(new TreeMap<>(fields)).getBytes(UTF_8));
        fields.put("sign_type", "RSA2");
        fields.put("sign", Base64.getEncoder().encodeToString(signature));
        return FormFields.encode(fields);
    }

    /** The fields as Alipay's SDK joins them: blank ones are in the form but not signed. */
    private static String textToSign(SortedMap<String, String> fields) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> field : fields.entrySet()) {
            if (!field.getKey().isBlank() && !field.getValue().isBlank()) {
                text.append(text.isEmpty() ? "" : "&")
                        .append(field.getKey())
                        .append('=')
                        .append(field.getValue());
            }
        }
        return text.toString();
    }

    private static DialectKey key(List<? extends DialectKey> current) {
        for (DialectKey key : current.reversed()) {
            if (key instanceof SigningKey.Rsa) {
                return key;
            }
        }
        throw new IllegalStateException("the merchant's signing is rsa2-form, but its key is of another kind");
    }
}
