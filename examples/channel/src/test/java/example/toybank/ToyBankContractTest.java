package example.toybank;

import dev.rung.channel.testkit.BankSide;
import dev.rung.channel.testkit.ChannelContract;
import dev.rung.channel.testkit.ChannelTestServer;
import dev.rung.payments.channel.ChannelType;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentChannel.CallbackRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

class ToyBankContractTest extends ChannelContract {
    @Override
    protected ChannelType type() {
        return new ToyBankType();
    }

    @Override
    protected BankSide bank(ChannelTestServer server) {
        return new Bank(server);
    }

    /** The bank is part of the channel; the test only acts as the payer. */
    private record Bank(ChannelTestServer server, HttpClient payer) implements BankSide {
        Bank(ChannelTestServer server) {
            this(server, HttpClient.newHttpClient());
        }

        @Override
        public Map<String, String> account() {
            return Map.of("secret", "the secret of the contract test");
        }

        @Override
        public void pay(Payment payment, String payUrl) {
            HttpRequest form = HttpRequest.newBuilder(URI.create(payUrl))
                    .header("content-type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("choice=pay"))
                    .build();
            try {
                payer.send(form, HttpResponse.BodyHandlers.discarding());
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
            String signature = new Signatures("another secret").sign("callback", body);
            return new CallbackRequest(Map.of(Signatures.HEADER, List.of(signature)), null, body);
        }

        @Override
        public Optional<String> bill() {
            try (Stream<Path> files = Files.list(server.folder())) {
                Path bill = files.filter(f -> f.getFileName().toString().startsWith("bill-"))
                        .findFirst()
                        .orElseThrow();
                return Optional.of(Files.readString(bill));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void goAway() {
            server.stopChannel();
        }

        @Override
        public void close() {
            payer.close();
        }
    }
}
