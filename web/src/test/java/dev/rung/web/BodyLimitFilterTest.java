package dev.rung.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Role;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class BodyLimitFilterTest {
    private static final String BATCH = "/v1/notifications/batch";
    private static final int MEBIBYTE = 1 << 20;
    private static final Caller OPERATOR = new Caller(Role.OPERATOR, "key_0", "operator", null);

    private final BodyBudget budget = new BodyBudget(8 * MEBIBYTE);
    private final BodyLimitFilter filter = new BodyLimitFilter(budget);
    private byte[] read = {};

    @Test
    void aBodyIsReadWholeAndItsShareReleased() throws Exception {
        for (MockHttpServletRequest request : new MockHttpServletRequest[] {
            declared("/v1/notifications", bytes(100_007)), chunked("/v1/notifications", bytes(100_007))
        }) {
            int status = call(request, (q, s) -> {
                read = BodyBudget.read((HttpServletRequest) q, MEBIBYTE);
                assertThat(budget.reserved()).isGreaterThanOrEqualTo(100_007);
            });
            assertThat(status).isEqualTo(200);
            assertThat(read).isEqualTo(bytes(100_007));
            assertThat(budget.reserved()).isZero();
        }
    }

    @Test
    void aBodyOfAnyPathIsCountedHoweverItIsRead() throws Exception {
        for (String path : new String[] {"/sign-in", "/banks/simulator/pay/1", "/callbacks/simulator"}) {
            call(declared(path, bytes(60_000)), (q, s) -> {
                q.getInputStream().readNBytes(40_000);
                assertThat(budget.reserved()).isBetween(40_000L, 65_536L);
            });
            assertThat(budget.reserved()).isZero();
        }
    }

    @Test
    void aFormThatTheContainerReadsIsReservedBefore() throws Exception {
        call(declared("/sign-in", bytes(60_000)), (q, s) -> {
            q.getParameter("key");
            assertThat(budget.reserved()).isEqualTo(60_000);
        });
    }

    @Test
    void eachPathTakesWhatItNeeds() throws Exception {
        assertThat(read(declared(BATCH, bytes(MEBIBYTE)))).isEqualTo(200);
        for (String path : new String[] {
            "/v1/notifications/resend", "/v1/notifications/ntf_1/resend", "/v1/merchants/mch_1/pause", "/v1/payments",
            "/sign-in", "/callbacks/simulator", "/banks/simulator", "/v1/notifications"
        }) {
            assertThat(read(declared(path, bytes(MEBIBYTE)))).as(path).isEqualTo(413);
            assertThat(read(chunked(path, bytes(MEBIBYTE)))).as(path).isEqualTo(413);
        }
        assertThat(budget.reserved()).isZero();
    }

    @Test
    void aBodyDeclaredTooLongIsRefusedUnread() throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/v1/notifications/resend") {
            @Override
            public jakarta.servlet.ServletInputStream getInputStream() {
                throw new AssertionError("must not be read");
            }
        };
        request.setContent(bytes(MEBIBYTE));
        assertThat(read(request)).isEqualTo(413);
    }

    @Test
    void strangersWhoFillTheirQuarterLeaveTheRestToCallersWithAKey() throws Exception {
        call(declared(BATCH, bytes(2 * MEBIBYTE)), (q, s) -> {
            BodyBudget.read((HttpServletRequest) q, 8 * MEBIBYTE);
            assertThat(read(declared("/sign-in", bytes(9_000)))).isEqualTo(503);
            assertThat(read(declared("/sign-in", bytes(1_000)))).isEqualTo(200);
            assertThat(readAs(key(1), declared("/v1/payments", bytes(9_000)))).isEqualTo(200);
            assertThat(readAs(OPERATOR, declared(BATCH, bytes(5 * MEBIBYTE)))).isEqualTo(200);
        });
    }

    @Test
    void aKeyThatHasUsedUpItsQuarterIsToCallLaterAndOthersAreServed() throws Exception {
        call(declared(BATCH, bytes(2 * MEBIBYTE)), (q, s) -> {
            BodyBudget.Share.charge(q, key(1));
            BodyBudget.read((HttpServletRequest) q, 8 * MEBIBYTE);
            MockHttpServletResponse refused = new MockHttpServletResponse();
            filter.doFilter(declared("/v1/payments", bytes(9_000)), refused, reading(key(1)));
            assertThat(refused.getStatus()).isEqualTo(429);
            assertThat(refused.getHeader("Retry-After")).isEqualTo("1");
            assertThat(readAs(key(2), declared("/v1/payments", bytes(9_000)))).isEqualTo(200);
        });
        assertThat(readAs(key(1), declared("/v1/payments", bytes(9_000)))).isEqualTo(200);
    }

    @Test
    void keysTogetherLeaveAQuarterToOperators() throws Exception {
        call(declared(BATCH, bytes(2 * MEBIBYTE)), (q1, s1) -> {
            BodyBudget.Share.charge(q1, key(1));
            BodyBudget.read((HttpServletRequest) q1, 8 * MEBIBYTE);
            call(declared(BATCH, bytes(2 * MEBIBYTE)), (q2, s2) -> {
                BodyBudget.Share.charge(q2, key(2));
                BodyBudget.read((HttpServletRequest) q2, 8 * MEBIBYTE);
                call(declared(BATCH, bytes(2 * MEBIBYTE)), (q3, s3) -> {
                    BodyBudget.Share.charge(q3, key(3));
                    BodyBudget.read((HttpServletRequest) q3, 8 * MEBIBYTE);
                    assertThat(readAs(key(4), declared("/v1/payments", bytes(9_000))))
                            .isEqualTo(503);
                    assertThat(readAs(OPERATOR, declared("/v1/payments", bytes(9_000))))
                            .isEqualTo(200);
                });
            });
        });
        assertThat(budget.reserved()).isZero();
    }

    @Test
    void aCompressedNotificationIsReadAndLimitedByItsInflatedSize() throws Exception {
        byte[] body = bytes(10_000);
        assertThat(read(compressed("/v1/notifications", gzip(body)))).isEqualTo(200);
        assertThat(read).isEqualTo(body);
        assertThat(read(compressed("/v1/notifications", gzip(new byte[MEBIBYTE]))))
                .isEqualTo(413);
        assertThat(read(compressed("/v1/notifications", body))).isEqualTo(400);
        byte[] torn = Arrays.copyOf(gzip(body), 5_000);
        assertThat(read(compressed("/v1/notifications", torn))).isEqualTo(400);
        assertThat(budget.reserved()).isZero();
    }

    private int read(MockHttpServletRequest request) throws IOException, ServletException {
        return call(request, (q, s) -> readBody(q));
    }

    private int readAs(Caller caller, MockHttpServletRequest request) throws IOException, ServletException {
        return call(request, reading(caller));
    }

    private FilterChain reading(Caller caller) {
        return (request, response) -> {
            BodyBudget.Share.charge(request, caller);
            readBody(request);
        };
    }

    private void readBody(ServletRequest request) throws IOException {
        read = BodyBudget.read((HttpServletRequest) request, BodyBudget.BODY_BYTES_MAX);
    }

    private int call(MockHttpServletRequest request, FilterChain chain) throws IOException, ServletException {
        MockHttpServletResponse response = new MockHttpServletResponse();
        filter.doFilter(request, response, chain);
        return response.getStatus();
    }

    private static Caller key(long id) {
        return new Caller(Role.MERCHANT_VIEW, "key_" + id, "key_" + id, new MerchantId(2_000 + id));
    }

    private static MockHttpServletRequest declared(String path, byte[] body) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", path);
        request.setContent(body);
        return request;
    }

    private static MockHttpServletRequest compressed(String path, byte[] body) {
        MockHttpServletRequest request = declared(path, body);
        request.addHeader("Content-Encoding", "gzip");
        return request;
    }

    private static MockHttpServletRequest chunked(String path, byte[] body) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", path) {
            @Override
            public long getContentLengthLong() {
                return -1;
            }
        };
        request.setContent(body);
        request.addHeader("Transfer-Encoding", "chunked");
        return request;
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
