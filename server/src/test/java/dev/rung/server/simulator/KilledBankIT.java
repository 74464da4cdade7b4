package dev.rung.server.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.server.scene.Caller;
import dev.rung.server.scene.ServerScene;
import dev.rung.server.scene.Serving;
import dev.rung.server.scene.Shop;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The server and the bank in it are killed between any two steps: neither forgets. */
class KilledBankIT {
    @TempDir
    private Path folder;

    @Test
    void whatWasPlacedBeforeAKillEndsAfterIt() {
        try (Shop shop = new Shop()) {
            Payers payers;
            URI address;
            List<JsonNode> payments;
            JsonNode byHand;
            try (Serving server = serving("0")) {
                address = server.ready();
                Caller operator = server.caller(address, ServerScene.OPERATOR_KEY);
                String merchant = operator.post(
                                "/v1/merchants", "{\"name\":\"Tea House\",\"notify_url\":\"" + shop.url() + "\"}")
                        .expect(201)
                        .at("/id");
                payers = new Payers(operator, merchant, shop);
                byHand = payers.placed("");
                payments = List.of(
                        payers.placed("{\"outcome\":\"succeeds\",\"pay_after\":\"0s\"}"),
                        payers.placed("{\"outcome\":\"succeeds\",\"pay_after\":\"3s\"}"),
                        payers.placed("{\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"lost\"}"),
                        payers.placed(
                                "{\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"late\",\"callback_delay\":\"2s\"}"),
                        payers.placed("{\"outcome\":\"succeeds\",\"pay_after\":\"1s\",\"callback\":\"duplicate\"}"));
                server.kill();
            }
            try (Serving again = serving(Integer.toString(address.getPort()))) {
                Payers restarted = payers.at(again.caller(again.ready(), ServerScene.OPERATOR_KEY));
                restarted.press(byHand, "pay");
                restarted.awaitState(byHand, "succeeded");
                for (JsonNode payment : payments) {
                    restarted.awaitState(payment, "succeeded");
                    // At least once, and always by the same words.
                    assertThat(restarted.told(payment).stream().distinct()).hasSize(1);
                    assertThat(restarted.doubts(payment)).isEmpty();
                }
            }
        }
    }

    private Serving serving(String port) {
        return new Serving(
                folder,
                Map.of("RUNG_API_KEY", ServerScene.OPERATOR_KEY, "RUNG_QUERY_LADDER", "1s"),
                "--port",
                port,
                "--allow-targets",
                "127.0.0.0/8");
    }
}
