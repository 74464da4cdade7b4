package dev.rung.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class BodyBudgetTest {
    private static final int LARGE = 1 << 20;

    private final BodyBudget budget = new BodyBudget(2 * LARGE);

    @Test
    void aBodyIsReadWholeAndItsShareGivenBack() throws IOException {
        byte[] body = bytes(LARGE + 7);
        try (BodyBudget.Share share = budget.share()) {
            assertThat(share.read(declared(body), BodyBudget.BODY_BYTES_MAX)).isEqualTo(body);
            assertThat(budget.reserved()).isEqualTo(body.length);
        }
        assertThat(budget.reserved()).isZero();
    }

    @Test
    void aBodyOfUnknownLengthIsReadWhole() throws IOException {
        byte[] body = bytes(100_000);
        try (BodyBudget.Share share = budget.share()) {
            assertThat(share.read(chunked(body), BodyBudget.BODY_BYTES_MAX)).isEqualTo(body);
        }
    }

    @Test
    void whatDoesNotFitBesideTheOthersIsToComeLater() throws IOException {
        try (BodyBudget.Share first = budget.share();
                BodyBudget.Share second = budget.share()) {
            first.read(declared(bytes(LARGE)), BodyBudget.BODY_BYTES_MAX);
            assertThatThrownBy(() -> second.read(declared(bytes(LARGE + 1)), BodyBudget.BODY_BYTES_MAX))
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.problem().status()).isEqualTo(503);
                        assertThat(e.problem().retryAfterSeconds()).isPositive();
                    });
        }
        assertThat(budget.reserved()).isZero();
    }

    @Test
    void noBodyIsLargerThanOneMayBe() {
        BodyBudget ample = new BodyBudget(Long.MAX_VALUE);
        byte[] tooLarge = bytes(BodyBudget.BODY_BYTES_MAX + 1);
        for (MockHttpServletRequest request : new MockHttpServletRequest[] {declared(tooLarge), chunked(tooLarge)}) {
            try (BodyBudget.Share share = ample.share()) {
                assertThatThrownBy(() -> share.read(request, BodyBudget.BODY_BYTES_MAX))
                        .isInstanceOfSatisfying(
                                ProblemException.class,
                                e -> assertThat(e.problem().status()).isEqualTo(413));
            }
            assertThat(ample.reserved()).isZero();
        }
    }

    private static MockHttpServletRequest declared(byte[] body) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setContent(body);
        return request;
    }

    private static MockHttpServletRequest chunked(byte[] body) {
        MockHttpServletRequest request = new MockHttpServletRequest() {
            @Override
            public long getContentLengthLong() {
                return -1;
            }
        };
        request.setContent(body);
        request.addHeader("Transfer-Encoding", "chunked");
        return request;
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
