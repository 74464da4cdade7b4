package dev.rung.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.memory.MemoryMetaStore;
import dev.rung.core.port.MetaStore;
import dev.rung.settings.AnnouncedServer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerAnnouncementsTest {
    private final MetaStore meta = new MemoryMetaStore();
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private final InstantSource clock = () -> now;

    private ServerAnnouncements server(String version, String apiKey, String targets, String ladder) {
        return new ServerAnnouncements(
                meta, clock, new AnnouncedServer(0, version, apiKey, targets, ladder, "", List.of("f1")));
    }

    @Test
    void serversWithTheSameSettingsHaveNoProblem() {
        ServerAnnouncements one = server("1", "k", "", "5s,30s");
        ServerAnnouncements other = server("1", "k", "", "5s,30s");
        one.run();
        other.run();
        one.run();
        assertThat(one.problems()).isEmpty();
        assertThat(other.problems()).isEmpty();
    }

    @Test
    void eachDifferenceIsNamedUntilTheOtherStopsOrIsNoLongerSeen() {
        ServerAnnouncements one = server("1", "k", "", "5s");
        ServerAnnouncements other = server("2", "l", "10.0.0.0/8", "6s");
        other.run();
        one.run();
        assertThat(one.problems())
                .hasSize(4)
                .anyMatch(p -> p.contains("a different API key"))
                .anyMatch(p -> p.contains("runs version 2, not 1"));

        other.close();
        other.run();
        one.run();
        assertThat(one.problems()).isEmpty();

        ServerAnnouncements killed = server("2", "k", "", "5s");
        killed.run();
        one.run();
        assertThat(one.problems()).hasSize(1);
        now = now.plusSeconds(11);
        one.run();
        assertThat(one.problems()).isEmpty();
        assertThat(meta.keys(AnnouncedServer.KEY_PREFIX)).hasSize(2);
        now = now.plusSeconds(600);
        one.run();
        assertThat(meta.keys(AnnouncedServer.KEY_PREFIX)).hasSize(1);
    }

    @Test
    void anAnnouncementOfAnotherVersionsFormIsIgnored() {
        meta.put(AnnouncedServer.KEY_PREFIX + "x", "something else");
        ServerAnnouncements one = server("1", "k", "", "5s");
        one.run();
        assertThat(one.problems()).isEmpty();
    }
}
