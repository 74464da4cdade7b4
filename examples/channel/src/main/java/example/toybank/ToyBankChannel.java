package example.toybank;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.payments.channel.ChannelContext;
import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.port.PaymentChannel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The channel adapter for the toy bank, called over HTTP like a remote bank. Thread-safe. */
final class ToyBankChannel implements PaymentChannel {
    private static final Duration CALL = Duration.ofSeconds(5);
    private static final int ANSWER_BYTES_MAX = 4 * 1024;

    private final String name;
    private final ToyBank bank;
    private final Signatures signatures;
    private final ChannelContext context;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    ToyBankChannel(String name, ToyBank bank, Signatures signatures, ChannelContext context) {
        this.name = name;
        this.bank = bank;
        this.signatures = signatures;
        this.context = context;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start() {
        bank.start();
    }

    @Override
    public void stop() {
        bank.stop();
    }

    @Override
    public void close() {
        bank.close();
        client.shutdownNow();
    }

    @Override
    public @Nullable String checkOptions(@Nullable String channelOptions) {
        return channelOptions == null ? null : "must be left out: the channel " + name + " has none";
    }

    @Override
    public Placement place(Payment payment) {
        Said said = ask("place", payment);
        String payUrl = said.fields().get("pay_url");
        return payUrl == null ? new Placement.Unclear(said.fault()) : new Placement.Placed(payUrl);
    }

    @Override
    public Exchange query(Payment payment) {
        return ask("query", payment).exchange(payment);
    }

    @Override
    public Exchange close(Payment payment) {
        return ask("close", payment).exchange(payment);
    }

    /**
     * The bank's response to a request.
     *
     * @param fields empty unless the bank signed them
     * @param text null if there was no response
     * @param fault the reason if there are no fields
     */
    private record Said(
            Map<String, String> fields, @Nullable String text, int millis, String fault) {
        Exchange exchange(Payment payment) {
            Evidence evidence = !fields.containsKey("state")
                    ? "no such order".equals(fields.get("error"))
                            ? new Evidence.NotFound(fault)
                            : new Evidence.Unknown(fault)
                    : payment.id().toString().equals(fields.get("number"))
                            ? evidence(fields)
                            : new Evidence.Unknown("the bank's response is for another order");
            return new Exchange(evidence, millis, text);
        }
    }

    /** The evidence in the bank's report of an order. */
    private static Evidence evidence(Map<String, String> statement) {
        return switch (statement.getOrDefault("state", "")) {
            case "OPEN" -> new Evidence.Unpaid();
            case "CLOSED" -> new Evidence.Closed();
            case "REFUSED" -> new Evidence.Failed("the bank rejected the payer");
            case "PAID" -> {
                try {
                    yield new Evidence.Paid(
                            statement.getOrDefault("trade_no", ""),
                            Money.parseMajor(
                                    statement.getOrDefault("amount", ""), statement.getOrDefault("currency", "")),
                            Instant.parse(statement.getOrDefault("settled_at", "")));
                } catch (IllegalArgumentException | DateTimeException e) {
                    yield new Evidence.Unknown("paid, but the amount or the time is malformed");
                }
            }
            default -> new Evidence.Unknown("the bank reports an unknown state");
        };
    }

    private Said ask(String operation, Payment payment) {
        byte[] body = Form.write(question(payment));
        String signature = signatures.sign(operation, body);
        HttpRequest request = HttpRequest.newBuilder(URI.create(bank.url() + "/gateway/" + operation))
                .header("content-type", Form.TYPE)
                .header(Signatures.HEADER, signature)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        long begun = System.nanoTime();
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
        try {
            HttpResponse<byte[]> response = answer.get(CALL.toMillis(), TimeUnit.MILLISECONDS);
            return heard(response, signature, millisSince(begun));
        } catch (TimeoutException e) {
            answer.cancel(true);
            return new Said(Map.of(), null, millisSince(begun), "no response within " + CALL.toSeconds() + " s");
        } catch (ExecutionException e) {
            return new Said(Map.of(), null, millisSince(begun), "no response: " + e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return new Said(Map.of(), null, millisSince(begun), "interrupted");
        }
    }

    private static int millisSince(long begun) {
        return (int) Duration.ofNanos(System.nanoTime() - begun).toMillis();
    }

    private Map<String, String> question(Payment payment) {
        Payment.Order order = payment.order();
        return new TreeMap<>(Map.of(
                "number", payment.id().toString(),
                "amount", order.amount().major(),
                "currency", order.amount().currency().getCurrencyCode(),
                "subject", order.subject(),
                "callback_url", context.callbackUrl().toString(),
                "expires_at", payment.expiresAt().toString()));
    }

    private Said heard(HttpResponse<byte[]> response, String question, int millis) {
        byte[] body = response.body();
        String text = new String(body, UTF_8);
        String about = "answer " + response.statusCode() + " " + question;
        String signature = response.headers().firstValue(Signatures.HEADER).orElse(null);
        if (!signatures.verifies(about, body, signature)) {
            return new Said(
                    Map.of(), text, millis, "the response (" + response.statusCode() + ") is not signed by the bank");
        }
        String fault = response.statusCode() == 200
                ? "the response has no order"
                : "the bank responded with status " + response.statusCode() + ": " + text;
        return new Said(Form.read(body), text, millis, fault);
    }

    @Override
    public Set<String> signatureHeaders() {
        return Set.of(Signatures.HEADER);
    }

    /** No timestamp is signed: a replayed callback only repeats the order's state. */
    @Override
    public Callback readCallback(CallbackRequest request) {
        String signature = request.headers().getOrDefault(Signatures.HEADER, List.of()).stream()
                .findFirst()
                .orElse(null);
        if (!signatures.verifies("callback", request.body(), signature)) {
            return new Callback.Unverified("not signed with the account's secret");
        }
        Map<String, String> statement = Form.read(request.body());
        String number = statement.get("number");
        return number == null
                ? new Callback.Unverified("the callback has no order number")
                : new Callback.Verified(number, evidence(statement));
    }

    @Override
    public Acknowledgement acknowledgement(boolean accepted) {
        return accepted
                ? new Acknowledgement(200, "text/plain", ToyBank.ACKNOWLEDGED)
                : new Acknowledgement(400, "text/plain", "refused");
    }
}
