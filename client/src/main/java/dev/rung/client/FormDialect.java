package dev.rung.client;

import dev.rung.client.WebhookRejectedException.Reason;
import dev.rung.client.WebhookVerifier.Verified;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A form whose fields, sorted by name, are signed: {@code rsa2-form} as Alipay's SDK verifies it, and {@code md5-form}. */
final class FormDialect implements WebhookVerifier.Dialect {
    private final boolean signsType;
    private final List<Key> keys;

    private FormDialect(boolean signsType, List<Key> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("at least one key is required");
        }
        this.signsType = signsType;
        this.keys = keys;
    }

    static FormDialect rsa2(List<String> publicKeys) {
        return new FormDialect(
                false,
                publicKeys.stream()
                        .<Key>map(text -> new Rsa(VerificationKeys.rsa(text)))
                        .toList());
    }

    static FormDialect md5(List<String> secrets) {
        return new FormDialect(
                true,
                secrets.stream()
                        .<Key>map(text -> new Md5(VerificationKeys.secret(text)))
                        .toList());
    }

    private interface Key {
        boolean matches(byte[] signed, String signature) throws GeneralSecurityException;
    }

    private record Rsa(PublicKey key) implements Key {
        @Override
        public boolean matches(byte[] signed, String signature) throws GeneralSecurityException {
            Signature verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(VerificationKeys.base64(signature));
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Md5(byte[] secret) implements Key {
        @Override
        public boolean matches(byte[] signed, String signature) throws GeneralSecurityException {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            text.writeBytes(signed);
            text.writeBytes("&key=".getBytes(StandardCharsets.UTF_8));
            text.writeBytes(secret);
            byte[] digest = MessageDigest.getInstance("MD5").digest(text.toByteArray());
            return MessageDigest.isEqual(
                    HexFormat.of().withUpperCase().formatHex(digest).getBytes(StandardCharsets.US_ASCII),
                    signature.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public Verified verify(Function<String, @Nullable String> header, byte[] body) throws WebhookRejectedException {
        SortedMap<String, String> fields = fields(new String(body, StandardCharsets.UTF_8));
        String signature = fields.remove("sign");
        if (signature == null) {
            throw new WebhookRejectedException(Reason.UNSIGNED, "the form has no field sign");
        }
        String type = fields.get("sign_type");
        if (!signsType) {
            fields.remove("sign_type");
        }
        if (!isSigned(fields, signature)) {
            throw new WebhookRejectedException(Reason.FORGED, "no signature matches");
        }
        if (type != null) {
            fields.put("sign_type", type);
        }
        String id = fields.get("notify_id");
        return new Verified(id == null ? WebhookVerifier.id(header) : id, null, fields);
    }

    private boolean isSigned(SortedMap<String, String> fields, String signature) {
        byte[] signed = fields.entrySet().stream()
                .filter(f -> !f.getKey().isBlank() && !isLeftOut(f.getValue()))
                .map(f -> f.getKey() + "=" + f.getValue())
                .collect(Collectors.joining("&"))
                .getBytes(StandardCharsets.UTF_8);
        boolean matches = false;
        for (Key key : keys) {
            try {
                matches |= key.matches(signed, signature);
            } catch (GeneralSecurityException e) {
                // a malformed signature
            }
        }
        return matches;
    }

    /** Alipay's SDK leaves out blank values, the other dialect empty ones. */
    private boolean isLeftOut(String value) {
        return signsType ? value.isEmpty() : value.isBlank();
    }

    private static SortedMap<String, String> fields(String form) throws WebhookRejectedException {
        SortedMap<String, String> fields = new TreeMap<>();
        for (String pair : form.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                continue;
            }
            String former = fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            if (former != null) {
                throw new WebhookRejectedException(Reason.FORGED, "the form has a field twice");
            }
        }
        return fields;
    }

    private static String decoded(String text) throws WebhookRejectedException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new WebhookRejectedException(Reason.FORGED, "the body is not a form");
        }
    }
}
