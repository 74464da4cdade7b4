package dev.rung.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReceiverFieldsTest {
    private static final String COMMON =
            "\"ladder\":\"steps\",\"acknowledge\":\"body-success\",\"signing\":\"hmac-hex\",\"max_in_flight\":5,\"timeout\":\"3s\","
                    + "\"rate\":2.5,\"headers\":{\"X-A\":\"b\"},\"signature_header\":\"X-Sig\",\"signing_secret\":\"whsec_x\","
                    + "\"private_key\":\"key\",\"tls\":{\"client_cert\":\"cert\",\"client_key\":\"secret\"},\"trace_context\":true}";

    private static <T extends ReceiverFields<T>> T withAll(T fields) {
        return fields.withLadder(Ladder.named("steps"))
                .withAcknowledge(Acknowledge.BODY_SUCCESS)
                .withSigning(Signing.HMAC_HEX)
                .withMaxInFlight(5)
                .withTimeout(Duration.ofSeconds(3))
                .withRate(2.5)
                .withHeaders(Map.of("X-A", "b"))
                .withSignatureHeader("X-Sig")
                .withSigningSecret("whsec_x")
                .withPrivateKey("key")
                .withTls(new ClientTls(null, "cert", "secret"))
                .withTraceContext(true);
    }

    @Test
    void writesAllFields() {
        assertThat(withAll(MerchantFields.named("Tea House").withNotifyUrl("https://shop.example/"))
                        .json())
                .isEqualTo("{\"name\":\"Tea House\",\"notify_url\":\"https://shop.example/\"," + COMMON);
        assertThat(withAll(EndpointFields.of("CRM", "https://crm.example/").withEvents(List.of("payment.*")))
                        .json())
                .isEqualTo("{\"name\":\"CRM\",\"url\":\"https://crm.example/\",\"events\":[\"payment.*\"]," + COMMON);
    }

    @Test
    void leavesOutWhatIsNotSet() {
        MerchantFields named = MerchantFields.named("Tea House");
        assertThat(named.withRate(1)).isNotEqualTo(named);
        assertThat(named.json()).isEqualTo("{\"name\":\"Tea House\"}");
        assertThat(named.withName("Shop").json()).isEqualTo("{\"name\":\"Shop\"}");
        assertThat(EndpointFields.NONE.json()).isEqualTo("{}");
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullUnsetsAField() {
        assertThat(MerchantFields.named("Tea House").withName(null)).isEqualTo(MerchantFields.NONE);
    }

    @Test
    void isEqualByItsFields() {
        assertThat(withAll(MerchantFields.NONE).withName("a"))
                .isEqualTo(withAll(MerchantFields.named("a")))
                .hasSameHashCodeAs(withAll(MerchantFields.named("a")));
        assertThat(MerchantFields.NONE).isNotEqualTo(EndpointFields.NONE);
    }

    @Test
    void showsNoSecrets() {
        assertThat(withAll(MerchantFields.named("Tea House"))).hasToString("MerchantFields[Tea House]");
        assertThat(withAll(EndpointFields.of("CRM", "https://crm.example/"))).hasToString("EndpointFields[CRM]");
    }
}
