package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.cli.SignatureCheck.Request;
import dev.rung.cli.SignatureCheck.Verdict;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureCheckTest {
    // The example of the Standard Webhooks specification.
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static final Instant SIGNED_AT = Instant.ofEpochSecond(1_614_265_330);
    private static final byte[] BODY = bytes("{\"test\": 2432232314}");

    private static Request request(String signature, byte[] body) {
        return new Request(ID, "" + SIGNED_AT.getEpochSecond(), signature, "application/json", body);
    }

    @Test
    void theSpecificationsExampleIsVerified() {
        SignatureCheck check = new SignatureCheck(List.of(SECRET), null);

        assertThat(check.check(request(SIGNATURE, BODY), SIGNED_AT)).isEqualTo(Verdict.VERIFIED);
        assertThat(check.check(request("v1,AAAA v1a,BBBB " + SIGNATURE, BODY), SIGNED_AT))
                .isEqualTo(Verdict.VERIFIED);
        assertThat(check.check(request(SIGNATURE, bytes("{\"test\": 2432232315}")), SIGNED_AT))
                .isEqualTo(Verdict.WRONG);
    }

    @Test
    void anyOfSeveralSecretsWillDo() {
        assertThat(new SignatureCheck(List.of("whsec_AAAA", SECRET), null).check(request(SIGNATURE, BODY), SIGNED_AT))
                .isEqualTo(Verdict.VERIFIED);
        assertThat(new SignatureCheck(List.of("whsec_AAAA"), null).check(request(SIGNATURE, BODY), SIGNED_AT))
                .isEqualTo(Verdict.WRONG);
        assertThat(new SignatureCheck(List.of(), null).check(request(SIGNATURE, BODY), SIGNED_AT))
                .isEqualTo(Verdict.NO_KEY);
    }

    @Test
    void anOldRequestIsNotTrusted() {
        SignatureCheck check = new SignatureCheck(List.of(SECRET), null);

        assertThat(check.check(request(SIGNATURE, BODY), SIGNED_AT.plusSeconds(301)))
                .isEqualTo(Verdict.STALE);
        assertThat(check.check(request(SIGNATURE, BODY), SIGNED_AT.minusSeconds(301)))
                .isEqualTo(Verdict.STALE);
        assertThat(check.check(request(SIGNATURE, BODY), SIGNED_AT.plusSeconds(299)))
                .isEqualTo(Verdict.VERIFIED);
    }

    @Test
    void whatIsNotSignedIsSaidToBeSo() {
        assertThat(new SignatureCheck(List.of(SECRET), null)
                        .check(new Request(null, null, null, null, BODY), SIGNED_AT))
                .isEqualTo(Verdict.NOT_SIGNED);
    }

    @Test
    void anEd25519SignatureIsVerifiedWithTheRawKeyAndWithTheEncodedOne() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = pair.getPublic().getEncoded();
        String raw = "whpk_" + base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(pair.getPrivate());
        signer.update(bytes(ID + "." + SIGNED_AT.getEpochSecond() + "."));
        signer.update(BODY);
        String signature = "v1a," + base64(signer.sign());

        for (String key : List.of(raw, base64(encoded))) {
            SignatureCheck check = new SignatureCheck(List.of(), SignatureCheck.publicKey(key));
            assertThat(check.check(request(signature, BODY), SIGNED_AT)).isEqualTo(Verdict.VERIFIED);
            assertThat(check.check(request(signature, bytes("{}")), SIGNED_AT)).isEqualTo(Verdict.WRONG);
        }
    }

    @Test
    void anAlipayFormIsVerified() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        Signature signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(pair.getPrivate());
        signer.update(bytes("amount=12.30&subject=红茶 & co"));
        String sign = base64(signer.sign());
        SignatureCheck check = new SignatureCheck(
                List.of(), SignatureCheck.publicKey(base64(pair.getPublic().getEncoded())));

        assertThat(check.check(form("12.30", sign), SIGNED_AT)).isEqualTo(Verdict.VERIFIED);
        assertThat(check.check(form("12.3", sign), SIGNED_AT)).isEqualTo(Verdict.WRONG);
    }

    private static Request form(String amount, String sign) {
        String body = "subject=" + encoded("红茶 & co") + "&amount=" + amount + "&sign_type=RSA2&sign=" + encoded(sign);
        return new Request(ID, null, null, "application/x-www-form-urlencoded; charset=utf-8", bytes(body));
    }

    @Test
    void whatIsNoKeyIsRefused() {
        assertThatThrownBy(() -> SignatureCheck.publicKey("AAAA")).hasMessageContaining("is neither whpk_");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
