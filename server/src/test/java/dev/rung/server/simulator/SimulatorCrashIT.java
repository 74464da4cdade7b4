package dev.rung.server.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.server.fixture.ApiTestClient;
import dev.rung.server.fixture.RungProcess;
import dev.rung.server.fixture.ServerFixture;
import dev.rung.server.fixture.TestMerchant;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The server, with the simulated bank in it, is killed between any two steps; neither loses anything. */
class SimulatorCrashIT {
    @TempDir
    private Path folder;

    @Test
    void whatWasPlacedBeforeAKillEndsAfterIt() {
        try (TestMerchant shop = new TestMerchant()) {
            PaymentScenario scenario;
            URI address;
            List<JsonNode> payments;
            JsonNode byHand;
            try (RungProcess server = serving("0")) {
                address = server.ready();
                ApiTestClient operator = server.caller(address, ServerFixture.OPERATOR_KEY);
                String merchant = operator.post(
                                "/v1/merchants", "{\"name\":\"Tea House\",\"notify_url\":\"" + shop.url() + "\"}")
                        .expect(201)
                        .at("/id");
                scenario = new PaymentScenario(operator, merchant, shop);
                byHand = scenario.placed("");
                payments = List.of(
                        scenario.placed("{\"outcome\":\"succeeds\",\"pay_after\":\"0s\"}"),
                        scenario.placed("{\"outcome\":\"succeeds\",\"pay_after\":\"3s\"}"),
                        scenario.placed("{\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"lost\"}"),
                        scenario.placed(
                                "{\"outcome\":\"succeeds\",\"pay_after\":\"0s\",\"callback\":\"late\",\"callback_delay\":\"2s\"}"),
                        scenario.placed("{\"outcome\":\"succeeds\",\"pay_after\":\"1s\",\"callback\":\"duplicate\"}"));
                server.kill();
            }
            try (RungProcess again = serving(Integer.toString(address.getPort()))) {
                PaymentScenario restarted = scenario.at(again.caller(again.ready(), ServerFixture.OPERATOR_KEY));
                restarted.press(byHand, "pay");
                restarted.awaitState(byHand, "succeeded");
                for (JsonNode payment : payments) {
                    restarted.awaitState(payment, "succeeded");
                    // At least once, and always with the same content.
                    assertThat(restarted.told(payment).stream().distinct()).hasSize(1);
                    assertThat(restarted.doubts(payment)).isEmpty();
                }
            }
        }
    }

    private RungProcess serving(String port) {
        return new RungProcess(
                folder,
                Map.of("RUNG_API_KEY", ServerFixture.OPERATOR_KEY, "RUNG_QUERY_LADDER", "1s"),
                "--port",
                port,
                "--allow-targets",
                "127.0.0.0/8");
    }
}
