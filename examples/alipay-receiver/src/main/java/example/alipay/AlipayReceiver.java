package example.alipay;

import com.alipay.api.AlipayApiException;
import com.alipay.api.internal.util.AlipaySignature;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** Receives notifications in Alipay's form, verifies them with Alipay's SDK, and handles each once. Thread-safe. */
public final class AlipayReceiver {
    private final String publicKey;

    /** In memory, to keep the example short. Store the id in the transaction of what the notification causes. */
    private final Set<String> handled = ConcurrentHashMap.newKeySet();

    private AlipayReceiver(String publicKey) {
        this.publicKey = publicKey;
    }

    public static void main(String[] args) throws IOException {
        AlipayReceiver receiver = new AlipayReceiver(System.getenv("RUNG_PUBLIC_KEY"));
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "9000"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", receiver::receive);
        server.start();
        System.out.println("listening at " + server.getAddress().getPort());
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean genuine = isHandled(parameters(form));
            byte[] answer = (genuine ? "success" : "fail").getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(genuine ? 200 : 401, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private boolean isHandled(Map<String, String> parameters) {
        // The SDK removes sign and sign_type from the map that it verifies.
        Map<String, String> content = new HashMap<>(parameters);
        try {
            if (!AlipaySignature.rsaCheckV1(parameters, publicKey, "UTF-8", "RSA2")) {
                return false;
            }
        } catch (AlipayApiException e) {
            return false;
        }
        if (handled.add(content.getOrDefault("notify_id", ""))) {
            System.out.println("handled " + content.get("notify_type") + " " + content.get("out_trade_no"));
        }
        return true;
    }

    private static Map<String, String> parameters(String form) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : form.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
