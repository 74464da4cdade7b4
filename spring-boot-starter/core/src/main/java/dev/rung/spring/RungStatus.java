package dev.rung.spring;

import dev.rung.client.MalformedResponseException;
import dev.rung.client.Readiness;
import dev.rung.client.RungClient;
import java.io.UncheckedIOException;
import java.util.List;

/** Asks whether a server takes requests; what the health indicators of both starters show. */
public final class RungStatus {
    private final RungClient rung;

    RungStatus(RungClient rung) {
        this.rung = rung;
    }

    /** The readiness of a server, or {@code unreachable}. */
    public Readiness check() {
        try {
            return rung.readiness();
        } catch (UncheckedIOException e) {
            return new Readiness("unreachable", List.of(String.valueOf(e.getMessage())));
        } catch (MalformedResponseException e) {
            return new Readiness("unreachable", List.of("what answers is no Rung server"));
        }
    }
}
