package dev.rung.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** The options that set members of a merchant. */
final class MerchantOptions {
    @Option(names = "--name", paramLabel = "NAME", order = 1, description = "name")
    private @Nullable String name;

    @Option(names = "--notify-url", paramLabel = "URL", order = 2, description = "URL that receives the notifications")
    private @Nullable String notifyUrl;

    @Option(
            names = "--ladder",
            paramLabel = "LADDER",
            order = 3,
            description = "name of a ladder, or waits such as 1s,30s,5m")
    private @Nullable String ladder;

    @Option(
            names = "--acknowledge",
            paramLabel = "RULE",
            order = 4,
            description = "2xx, body-success or json-code-success")
    private @Nullable String acknowledge;

    @Option(names = "--signing", paramLabel = "DIALECT", order = 5, description = "hmac, ed25519, rsa2-form …")
    private @Nullable String signing;

    @Option(
            names = "--max-in-flight",
            paramLabel = "N",
            order = 6,
            description = "maximum number of attempts in flight")
    private @Nullable Integer maxInFlight;

    @Option(
            names = "--sub-mchid",
            paramLabel = "ID",
            order = 7,
            description = "its sub_mchid at WeChat Pay, under a service provider")
    private @Nullable String subMchid;

    @Option(
            names = "--sub-appid",
            paramLabel = "ID",
            order = 8,
            description = "its sub_appid at WeChat Pay, under a service provider")
    private @Nullable String subAppid;

    @Option(
            names = "--set",
            paramLabel = "MEMBER=VALUE",
            order = 9,
            description = "any member of the API, JSON or text: --set timeout=10s; may be repeated")
    private Map<String, String> others = new LinkedHashMap<>();

    /** The body of a request. */
    ObjectNode body() {
        ObjectNode body = JsonOutput.MAPPER.createObjectNode();
        put(body, "name", name);
        put(body, "notify_url", notifyUrl);
        if (ladder != null && ladder.matches("\\d.*")) {
            Stream.of(ladder.split(",", -1)).map(String::strip).forEach(body.putArray("ladder")::add);
        } else {
            put(body, "ladder", ladder);
        }
        put(body, "acknowledge", acknowledge);
        put(body, "signing", signing);
        put(body, "sub_mchid", subMchid);
        put(body, "sub_appid", subAppid);
        if (maxInFlight != null) {
            body.put("max_in_flight", maxInFlight);
        }
        others.forEach((member, value) -> body.set(member, JsonOutput.value(value)));
        return body;
    }

    private static void put(ObjectNode body, String member, @Nullable String value) {
        if (value != null) {
            body.put(member, value);
        }
    }
}
