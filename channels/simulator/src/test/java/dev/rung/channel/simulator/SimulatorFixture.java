package dev.rung.channel.simulator;

import dev.rung.channel.testkit.ChannelTestServer;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.bank.BankOrder;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.store.sqlite.SqliteStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The channel test kit's server with the simulated bank in it, as in real life, but without the rest of Rung. */
final class SimulatorFixture implements AutoCloseable {
    private final SqliteStores stores;
    private final HttpClient browser = HttpClient.newHttpClient();
    final ChannelTestServer server;
    final SimulatorChannel channel;
    final SimulatorKeys keys;

    SimulatorFixture(Path dataDir) {
        stores = SqliteStores.open(dataDir, InstantSource.system());
        server = new ChannelTestServer("simulator", dataDir);
        server.provide(BankLedger.class, stores.bankLedger());
        channel = (SimulatorChannel) server.open(new SimulatorType(), Map.of());
        keys = SimulatorKeys.ofText(server.secret("keys_p256", () -> {
            throw new AssertionError("the channel has made its keys");
        }));
    }

    /** The bank's. */
    URI url() {
        return server.hostedUrl();
    }

    /** What was made of each callback, in the order of arrival. */
    List<PaymentChannel.Callback> callbacks() {
        return server.received().stream()
                .map(ChannelTestServer.Received::callback)
                .toList();
    }

    BankLedger ledger() {
        return stores.bankLedger();
    }

    BankOrder order(Payment payment) {
        return ledger().find(payment.id().toString()).orElseThrow();
    }

    static Payment payment(long id, @Nullable String options) {
        return payment(id, options, Payment.Checkout.by(PaymentMethod.QR));
    }

    static Payment payment(long id, @Nullable String options, Payment.Checkout checkout) {
        Instant now = Instant.now();
        return new Payment(
                new PaymentId(id),
                new Payment.Order(
                        new MerchantId(5000),
                        "T" + id,
                        Money.of(1230, "CNY"),
                        "two <b>teas</b> & \"more\", 两杯茶",
                        "simulator",
                        "https://shop.example/notify",
                        Ladder.of("3s"),
                        null,
                        options,
                        checkout),
                new NotificationId(id + 1),
                PaymentState.CREATED,
                now,
                now.plus(Duration.ofMinutes(15)),
                null,
                Payment.Access.NONE,
                null,
                null,
                Payment.Funds.NONE,
                1);
    }

    /** Opens a page, or presses a button on it: null for none. */
    HttpResponse<String> browse(String url, @Nullable String choice, String language) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).header("accept-language", language);
        if (choice != null) {
            request.header("content-type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("choice=" + choice));
        }
        try {
            return browser.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        browser.close();
        stores.close();
    }
}
