package dev.rung.torture;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The cluster under test: brokers, databases, servers and a merchant. Used by one thread at a time, except for HTTP requests. */
final class TortureCluster implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER = Duration.ofSeconds(20);

    final BrokerCluster brokers;
    final DatabasePair database;
    final List<RungServer> servers;
    final MerchantEndpoint merchant;
    final String merchantId;
    private final HttpClient http = HttpClient.newHttpClient();

    private TortureCluster(BrokerCluster brokers, DatabasePair database, List<RungServer> servers)
            throws IOException, InterruptedException {
        this.brokers = brokers;
        this.database = database;
        this.servers = servers;
        merchant = new MerchantEndpoint();
        merchantId = createMerchant();
    }

    /** Starts everything, with so many servers and with data in this directory. */
    static TortureCluster start(Path directory, int serverCount, List<String> jvmOptions, List<String> flags)
            throws IOException, InterruptedException {
        BrokerCluster brokers = BrokerCluster.start(directory.resolve("brokers"));
        DatabasePair database = DatabasePair.start(directory.resolve("database"));
        List<RungServer> servers = new ArrayList<>();
        for (int i = 0; i < serverCount; i++) {
            String name = Character.toString('a' + i);
            servers.add(new RungServer(name, directory, database, brokers, jvmOptions, flags));
        }
        servers.forEach(RungServer::start);
        return new TortureCluster(brokers, database, List.copyOf(servers));
    }

    private String createMerchant() throws IOException, InterruptedException {
        String body = "{\"name\":\"fails once\",\"notify_url\":\"" + merchant.url()
                + "\",\"acknowledge\":\"2xx\",\"max_in_flight\":256}";
        HttpRequest request = request(servers.getFirst().address(), "/v1/merchants")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 201) {
            throw new IOException("no merchant could be created: " + response.body());
        }
        return JSON.readTree(response.body()).path("id").asString();
    }

    private static HttpRequest.Builder request(URI server, String path) {
        return HttpRequest.newBuilder(server.resolve(path))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + RungServer.KEY);
    }

    /** A notification as the API shows it. */
    JsonNode notification(String id) throws IOException, InterruptedException {
        for (RungServer server : servers) {
            HttpResponse<String> response = http.send(
                    request(server.address(), "/v1/notifications/" + id).build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                return JSON.readTree(response.body());
            }
        }
        throw new IOException("no server shows " + id);
    }

    /** A server's {@code /ready} response, or why there is none. */
    String readiness(RungServer server) {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(server.address().resolve("/ready"))
                            .timeout(Duration.ofSeconds(2))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        } catch (IOException e) {
            return "no response";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** Metrics with this prefix, summed over all servers by name and labels. */
    Map<String, Double> metrics(String prefix) {
        Map<String, Double> sums = new TreeMap<>();
        for (RungServer server : servers) {
            try {
                HttpResponse<String> response = http.send(
                        HttpRequest.newBuilder(server.address().resolve("/metrics"))
                                .timeout(ANSWER)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                response.body().lines().filter(line -> line.startsWith(prefix)).forEach(line -> {
                    int space = line.lastIndexOf(' ');
                    sums.merge(line.substring(0, space), Double.parseDouble(line.substring(space + 1)), Double::sum);
                });
            } catch (IOException e) {
                // The server was killed, and its counters are lost.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return sums;
    }

    @Override
    public void close() {
        servers.forEach(RungServer::close);
        database.close();
        brokers.close();
        merchant.close();
        http.shutdownNow();
    }
}
