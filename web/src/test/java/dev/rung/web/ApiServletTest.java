package dev.rung.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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
        new ApiServlet(routes, keys, BodyBudget.ofHeap(), trustsLocal).service(request, response);
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

    @Test
    void strangersWhoFillTheirPartOfTheBudgetTakeNoRoomFromCallersWithAKey() throws IOException {
        byte[] body = new byte[1_000];
        int[] callers = new int[2];
        ApiServlet[] servlet = new ApiServlet[1];
        RouteTable bodies = new RouteTable()
                .post("/v1/notifications", Access.CHANGE, call -> ApiResponse.text(200, "text/plain", read(call)))
                .post("/callbacks/bank", Access.OPEN, call -> {
                    String read = read(call);
                    callers[0] = post(servlet[0], "/callbacks/bank", body); // while this one holds its share
                    callers[1] = post(servlet[0], "/v1/notifications", body);
                    return ApiResponse.text(200, "text/plain", read);
                });
        servlet[0] = new ApiServlet(bodies, key -> new Caller.Operator(), new BodyBudget(4_000), true);

        assertThat(post(servlet[0], "/callbacks/bank", body)).isEqualTo(200);

        assertThat(callers).containsExactly(503, 200);
    }

    private static String read(ApiRequest call) {
        return String.valueOf(call.bytes(1_000).length);
    }

    private static int post(ApiServlet servlet, String path, byte[] body) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", path);
        request.addHeader("Authorization", "Bearer key");
        request.setContent(body);
        MockHttpServletResponse response = new MockHttpServletResponse();
        try {
            servlet.service(request, response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return response.getStatus();
    }
}
