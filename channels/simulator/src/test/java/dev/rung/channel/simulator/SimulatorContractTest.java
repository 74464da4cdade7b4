package dev.rung.channel.simulator;

import dev.rung.channel.testkit.BankSide;
import dev.rung.channel.testkit.ChannelContract;
import dev.rung.channel.testkit.ChannelTestServer;
import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.channel.ChannelType;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import dev.rung.store.sqlite.SqliteStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class SimulatorContractTest extends ChannelContract {
    @Override
    protected ChannelType type() {
        return new SimulatorType();
    }

    @Override
    protected BankSide bank(ChannelTestServer server) {
        SqliteStores stores = SqliteStores.open(folder, InstantSource.system());
        server.provide(BankLedger.class, stores.bankLedger());
        return new Payer(server, stores, HttpClient.newHttpClient());
    }

    /** The bank runs with the channel. */
    private record Payer(ChannelTestServer server, SqliteStores stores, HttpClient browser) implements BankSide {
        @Override
        public Map<String, String> account() {
            return Map.of();
        }

        @Override
        public void pay(Payment payment, String payUrl) {
            try {
                browser.send(
                        HttpRequest.newBuilder(URI.create(payUrl))
                                .POST(HttpRequest.BodyPublishers.ofString("choice=pay"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        @Override
        public CallbackRequest callback(Payment payment) {
            return server.awaitCallback(payment);
        }

        @Override
        public CallbackRequest forgedCallback(Payment payment) {
            byte[] body = callback(payment).body();
            SimulatorKeys others = SimulatorKeys.generate();
            Map<String, List<String>> headers = new HashMap<>();
            new MessageSigner(
                            others.bank().getPrivate(), others.platform().getPublic(), server.clock(), server.random())
                    .headers(MessageSigner.CALLBACK, body)
                    .forEach((name, value) -> headers.put(name, List.of(value)));
            return new CallbackRequest(headers, null, body);
        }

        @Override
        public Optional<String> bill() {
            return Optional.empty();
        }

        @Override
        public void goAway() {
            server.stopChannel();
        }

        @Override
        public void close() {
            browser.close();
            stores.close();
        }
    }
}
