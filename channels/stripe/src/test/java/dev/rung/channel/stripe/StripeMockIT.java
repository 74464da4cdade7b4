package dev.rung.channel.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.testkit.SamplePayments;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.port.PaymentChannel.Placement;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stripe's own mock, which checks requests against Stripe's API description and has no state; built from its Go module. */
class StripeMockIT {
    private static final String MODULE = "github.com/stripe/stripe-mock@v0.203.0";

    private static Process mock;
    private static GatewayClient client;
    private static StripeChannel channel;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException, InterruptedException {
        ProcessBuilder install = new ProcessBuilder("go", "install", MODULE).inheritIO();
        install.environment().put("GOBIN", folder.toString());
        Process installing = install.start();
        assertThat(installing.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(installing.exitValue()).as("go install " + MODULE).isZero();
        int port = freePort();
        mock = new ProcessBuilder(folder.resolve("stripe-mock").toString(), "-http-addr", "127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("stripe-mock.log").toFile())
                .start();
        client = new GatewayClient(null);
        StripeAccount account = new StripeAccount(
                "stripe", "sk_test_123456789", "whsec_0123456789", URI.create("http://127.0.0.1:" + port));
        channel = new StripeChannel(
                account, () -> URI.create("https://pay.example/callbacks/stripe"), client, Instant::now);
        await().atMost(Duration.ofSeconds(30)).until(() -> channel.check().isEmpty());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @AfterAll
    static void stop() {
        client.close();
        mock.destroy();
    }

    private static Payment payment() {
        return SamplePayments.payment("stripe", PaymentMethod.PAGE, "USD", null);
    }

    /** An unknown or malformed parameter would be refused with 400, and rejected. */
    @Test
    void theApiDescriptionAcceptsEveryRequest() {
        Payment payment = payment();
        Placement placement = channel.place(payment);
        assertThat(placement).isNotInstanceOf(Placement.Rejected.class);
        Payment known =
                payment.withAccess(new Payment.Access("https://checkout.stripe.com/c/pay/cs_test_a1b2c3", null, null));
        assertThat(channel.query(known).evidence())
                .isEqualTo(new Evidence.Unknown("the response is for another order"));
        assertThat(channel.close(known).evidence())
                .isEqualTo(new Evidence.Unknown("the response is for another order"));
        assertThat(channel.query(payment).evidence()).isInstanceOf(Evidence.NotFound.class);
    }

    @Test
    void theApiDescriptionAcceptsRefunds() {
        Payment paid = payment();
        Payment known = paid.moved(new dev.rung.payments.model.Decision.Transition(
                dev.rung.payments.model.PaymentState.SUCCEEDED, "pi_1Gt0RS2eZvKYlo2C", Instant.now()));
        assertThat(channel.refunds()
                        .orElseThrow()
                        .request(known, SamplePayments.refund(known, 500))
                        .evidence())
                .isNotInstanceOf(RefundEvidence.Refused.class)
                .isNotInstanceOf(RefundEvidence.Unknown.class);
        assertThat(channel.refunds().orElseThrow().query(known, "rfd_1").evidence())
                .isInstanceOf(RefundEvidence.NotFound.class);
    }
}
