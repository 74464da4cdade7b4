package dev.rung.client;

import java.util.List;

/**
 * Whether a server takes requests.
 *
 * @param status {@code ready}, {@code degraded} (everything is accepted, something is late) or {@code not_ready}
 * @param reasons of a status other than {@code ready}
 */
public record Readiness(String status, List<String> reasons) {
    public Readiness {
        reasons = List.copyOf(reasons);
    }

    /** Whether requests are accepted. */
    public boolean accepts() {
        return status.equals("ready") || status.equals("degraded");
    }

    static Readiness read(JsonObject json) {
        return new Readiness(json.text("status"), json.texts("reasons"));
    }
}
