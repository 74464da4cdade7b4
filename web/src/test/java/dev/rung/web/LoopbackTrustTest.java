package dev.rung.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoopbackTrustTest {
    @Test
    void requestsFromLoopbackAreLocal() {
        LoopbackTrust trust = new LoopbackTrust(true);
        assertThat(trust.includes("127.0.0.1", "localhost")).isTrue();
        assertThat(trust.includes("0:0:0:0:0:0:0:1", "[::1]")).isTrue();
        assertThat(trust.includes("10.0.0.1", "127.0.0.1")).isFalse();
    }

    @Test
    void aPageOfAnotherSiteIsNotLocalByANameForLoopback() {
        assertThat(new LoopbackTrust(true).includes("127.0.0.1", "rebound.example"))
                .isFalse();
    }

    @Test
    void behindAProxyNoRequestIsLocal() {
        assertThat(new LoopbackTrust(false).includes("127.0.0.1", "127.0.0.1")).isFalse();
    }
}
