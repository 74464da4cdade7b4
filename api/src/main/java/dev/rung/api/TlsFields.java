package dev.rung.api;

import dev.rung.crypto.TlsIdentities;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The validated TLS settings of a request, as PEM.
 *
 * @param ca the only authority that is trusted; null: those that this machine trusts
 */
record TlsFields(
        @Nullable String ca,
        @Nullable String clientCert,
        @Nullable String clientKey) {
    private static final int LENGTH_MAX = 32 * 1024;
    private static final Set<String> MEMBERS = Set.of("ca", "client_cert", "client_key");

    /** Reads the member; null if absent, {@code null} or invalid. */
    static @Nullable TlsFields read(FieldReader fields, String member) {
        Json.Obj given = fields.object(member);
        if (given == null) {
            return null;
        }
        for (String name : given.members().keySet()) {
            if (!MEMBERS.contains(name)) {
                fields.wrong(member + "." + name, "unknown_field", "is not a known field");
            }
        }
        String ca = text(fields, member, given, "ca");
        String cert = text(fields, member, given, "client_cert");
        String key = text(fields, member, given, "client_key");
        if (ca != null) {
            check(fields, member + ".ca", () -> TlsIdentities.checkAuthority(ca));
        }
        if (cert != null && check(fields, member + ".client_cert", () -> TlsIdentities.checkAuthority(cert))) {
            if (key == null) {
                fields.wrong(member + ".client_key", "required", "is required with client_cert");
            } else {
                check(fields, member + ".client_key", () -> TlsIdentities.checkKey(cert, key));
            }
        } else if (cert == null && key != null) {
            fields.wrong(member + ".client_cert", "required", "is required with client_key");
        }
        return ca == null && cert == null ? null : new TlsFields(ca, cert, key);
    }

    private static @Nullable String text(FieldReader fields, String member, Json.Obj given, String name) {
        return switch (given.members().get(name)) {
            case null -> null;
            case Json.Null _ -> null;
            case Json.Text text when text.value().length() <= LENGTH_MAX -> text.value();
            case Json.Text _ -> {
                fields.wrong(
                        member + "." + name, "too_long", "has more than " + LENGTH_MAX + " characters", LENGTH_MAX);
                yield null;
            }
            default -> {
                fields.wrong(member + "." + name, "wrong_type", "is not a text");
                yield null;
            }
        };
    }

    private static boolean check(FieldReader fields, String name, Runnable check) {
        try {
            check.run();
            return true;
        } catch (IllegalArgumentException e) {
            fields.wrong(name, "invalid_pem", String.valueOf(e.getMessage()));
            return false;
        }
    }
}
