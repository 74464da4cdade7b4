package dev.rung.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ApiServletTest {
    private boolean closed;

    private final RouteTable routes = new RouteTable()
            .get("/metrics", Access.LOCAL, call -> ApiResponse.text(200, "text/plain", "metrics"))
            .get("/v1/broken", Access.READ, call -> {
                throw new IllegalStateException("with a secret in it");
            })
            .get(
                    "/v1/stream",
                    Access.READ,
                    call -> new ApiResponse.Streamed("text/event-stream", new ApiResponse.Body() {
                        @Override
                        public void writeTo(OutputStream out) throws IOException {
                            out.write('x');
                        }

                        @Override
                        public void close() {
                            closed = true;
                        }
                    }));

    private MockHttpServletResponse call(String method, String path, String from, String key, boolean trustsLocal)
            throws IOException {
        MockHttpServletRequest request = new MockHttpServletRequest(method, path);
        request.setRemoteAddr(from);
        if (!key.isEmpty()) {
            request.addHeader("Authorization", "bearer  " + key);
        }
        MockHttpServletResponse response = new MockHttpServletResponse();
        Authenticator keys = text -> switch (text) {
            case "operator" -> new Caller.Operator();
            case "viewer" -> new Caller.Viewer();
            default -> null;
        };
        new ApiServlet(routes, keys, trustsLocal).service(request, response);
        return response;
    }

    @Test
    void metricsNeedNoKeyOnLoopbackAndOneFromElsewhere() throws IOException {
        assertThat(call("GET", "/metrics", "127.0.0.1", "", true).getStatus()).isEqualTo(200);
        assertThat(call("GET", "/metrics", "0:0:0:0:0:0:0:1", "", true).getStatus())
                .isEqualTo(200);
        assertThat(call("GET", "/metrics", "10.0.0.1", "", true).getStatus()).isEqualTo(401);
        assertThat(call("GET", "/metrics", "10.0.0.1", "viewer", true).getStatus())
                .isEqualTo(200);
    }

    @Test
    void behindAProxyEveryCallComesFromLoopbackAndThatMeansNothing() throws IOException {
        assertThat(call("GET", "/metrics", "127.0.0.1", "", false).getStatus()).isEqualTo(401);
        assertThat(call("GET", "/metrics", "127.0.0.1", "operator", false).getStatus())
                .isEqualTo(200);
    }

    @Test
    void aBugIsAnsweredWithoutItsMessage() throws IOException {
        MockHttpServletResponse response = call("GET", "/v1/broken", "127.0.0.1", "operator", true);
        assertThat(response.getStatus()).isEqualTo(500);
        assertThat(response.getContentType()).startsWith(ApiResponse.PROBLEM);
        assertThat(response.getContentAsString()).doesNotContain("secret");
    }

    @Test
    void aStreamIsClosedThoughItWasNeverWritten() throws IOException {
        assertThat(call("HEAD", "/v1/stream", "127.0.0.1", "viewer", true).getContentAsByteArray())
                .isEmpty();
        assertThat(closed).isTrue();
    }
}
