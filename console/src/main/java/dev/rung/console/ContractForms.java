package dev.rung.console;

import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Forms for the static headers and the TLS settings of a merchant or an endpoint, as fields of the API. */
final class ContractForms {
    private ContractForms() {}

    /** Replaces the static headers; the field {@code headers} has one a line. */
    static FieldReader headers(Form form) {
        Map<String, Json> headers = new LinkedHashMap<>();
        form.shown("headers")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .forEach(line -> {
                    int colon = line.indexOf(':');
                    headers.put(
                            colon < 0 ? line : line.substring(0, colon).strip(),
                            new Json.Text(
                                    colon < 0 ? "" : line.substring(colon + 1).strip()));
                });
        return FieldReader.of(Map.of("headers", object(headers)));
    }

    /** Replaces the private authority and the client certificate; without any of them, they are removed. */
    static FieldReader tls(Form form) {
        Map<String, Json> tls = new HashMap<>();
        for (String member : List.of("ca", "client_cert", "client_key")) {
            form.text(member).ifPresent(pem -> tls.put(member, new Json.Text(pem)));
        }
        return FieldReader.of(Map.of("tls", object(tls)));
    }

    private static Json object(Map<String, Json> members) {
        return members.isEmpty() ? new Json.Null() : new Json.Obj(members, 0, 0);
    }
}
