package dev.rung.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.core.model.Signing;
import dev.rung.crypto.dialect.SigningDialect;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A form that many payment platforms use: the payload's top-level members sorted by name, and {@code sign_type=MD5}. {@code sign} is the MD5, in
 * upper-case hexadecimal, of the members that are not empty, joined as {@code k=v&k=v}, and {@code &key=} with the secret. Thread-safe.
 */
final class Md5FormSigner implements SigningDialect {
    private static final Set<String> RESERVED = Set.of("sign", "sign_type");

    @Override
    public String name() {
        return Signing.MD5_FORM.text();
    }

    @Override
    public Optional<String> check(byte[] payload) {
        return FormFields.check(payload, name(), RESERVED);
    }

    @Override
    public Signed sign(Message m) {
        Map<String, String> fields = new TreeMap<>(FormFields.read(m.payload(), name()));
        fields.put("sign_type", "MD5");
        StringBuilder text = new StringBuilder();
        fields.forEach((name, value) -> {
            if (!value.isEmpty()) {
                text.append(name).append('=').append(value).append('&');
            }
        });
        MessageDigest md5 = md5();
        md5.update(text.append("key=").toString().getBytes(UTF_8));
        md5.update(HmacHexSigner.oldest(m.keys(), name()).secret());
        fields.put("sign", HexFormat.of().withUpperCase().formatHex(md5.digest()));
        return new Signed(FormFields.CONTENT_TYPE, FormFields.encode(fields), Map.of());
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no MD5", e);
        }
    }
}
