package dev.rung.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.server.fixture.ServerFixture;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;

class PublicUrlTest {
    /** The port of a server that listens; asking it earlier would open another one. */
    private static final WebServer LISTENING = new WebServer() {
        @Override
        public void start() {}

        @Override
        public void stop() {}

        @Override
        public int getPort() {
            return 4711;
        }
    };

    @Test
    void thePortIsKnownOnceTheServerListens(@TempDir Path folder) {
        PublicUrl url = new PublicUrl(ServerFixture.settings(folder, Map.of()));

        assertThatThrownBy(url::listening).hasMessage("the server does not listen yet");
        url.onApplicationEvent(new WebServerInitializedEvent(LISTENING) {
            private static final long serialVersionUID = 1L;

            @Override
            public WebServerApplicationContext getApplicationContext() {
                throw new UnsupportedOperationException();
            }
        });
        assertThat(url.listening()).hasToString("http://127.0.0.1:4711");
        assertThat(url.callbacks("alipay")).hasToString("http://127.0.0.1:4711/callbacks/alipay");
    }
}
