package example.xmldialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.Delivery;
import dev.rung.core.model.NotificationId;
import dev.rung.crypto.dialect.DialectKey;
import dev.rung.crypto.dialect.SigningDialect;
import java.util.List;
import org.junit.jupiter.api.Test;

class XmlDialectTest {
    private final SigningDialect dialect = new XmlDialect();

    private static DialectKey key(String secret) {
        return new DialectKey() {
            @Override
            public byte[] sign(byte[]... parts) {
                throw new UnsupportedOperationException("the dialect signs with MD5");
            }

            @Override
            public byte[] secret() {
                return secret.getBytes(UTF_8);
            }
        };
    }

    private String body(String payload, DialectKey... keys) {
        SigningDialect.Signed signed = dialect.sign(new SigningDialect.Message(
                new NotificationId(1),
                List.of(keys),
                "X-Signature",
                new Delivery.Content("https://shop.example/", false, null, null, 0),
                payload.getBytes(UTF_8),
                0));
        assertThat(signed.contentType()).isEqualTo("text/xml; charset=utf-8");
        assertThat(signed.headers()).isEmpty();
        return new String(signed.body(), UTF_8);
    }

    /** The signature was made with openssl, from the text that WeChat Pay's document describes. */
    @Test
    void thePayloadBecomesSortedAndSignedXml() {
        assertThat(body(
                        "{\"total_fee\": 1230, \"attach\":\"\", \"body\":\"two <teas> \\u0026 caf\\u00e9\",\"paid\":true, \"x\":null}",
                        key("192006250b4c09247ec02edce69f6a2d")))
                .isEqualTo("<xml><attach></attach><body>two &lt;teas&gt; &amp; café</body><paid>true</paid>"
                        + "<total_fee>1230</total_fee><x></x><sign>7F022B91B8C0D70883ADBBED8EC69B3E</sign></xml>");
    }

    @Test
    void whileKeysRotateTheOldestSigns() {
        assertThat(body("{\"a\":1}", key("new"), key("old"))).isEqualTo(body("{\"a\":1}", key("old")));
    }

    @Test
    void whatXmlCannotCarryIsRefused() {
        assertThat(check("{\"a\":1,\"b\":\"x\"}")).isNull();
        assertThat(check("{}")).isNull();
        assertThat(check("[1]")).isEqualTo("is not an object, which the signing xml-md5 needs");
        assertThat(check("{\"a\":{\"b\":1}}")).contains("is an object or an array");
        assertThat(check("{\"1st\":1}")).contains("is not a name of XML");
        assertThat(check("{\"sign\":\"x\"}")).contains("has a member sign");
    }

    private String check(String payload) {
        return dialect.check(payload.getBytes(UTF_8)).orElse(null);
    }
}
