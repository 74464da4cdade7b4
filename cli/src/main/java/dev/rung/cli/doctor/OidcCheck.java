package dev.rung.cli.doctor;

import dev.rung.core.port.CheckResult;
import dev.rung.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the OpenID Connect provider for its discovery document. */
final class OidcCheck implements Check {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String PATH = "/.well-known/openid-configuration";

    private final Settings.Oidc oidc;

    OidcCheck(Settings.Oidc oidc) {
        this.oidc = oidc;
    }

    @Override
    public List<CheckResult> run() {
        CheckResult.Report report = new CheckResult.Report("sign-in");
        URI uri = URI.create(oidc.issuer().replaceFirst("/$", "") + PATH);
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            HttpResponse<byte[]> response = http.send(
                    HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(),
                    HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), 1 << 20));
            if (response.statusCode() == 200) {
                document(report, JsonMapper.shared().readTree(response.body()));
            } else {
                report.wrong(uri + " answers with status " + response.statusCode(), "correct --oidc-issuer");
            }
        } catch (IOException e) {
            report.note(
                    "no answer from " + uri + " (" + e + "): until there is one, people sign in with keys only",
                    "check the address and the network");
        } catch (JacksonException e) {
            report.wrong(uri + " is not JSON", "correct --oidc-issuer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return report.results();
    }

    private void document(CheckResult.Report report, JsonNode document) {
        String issuer = document.path("issuer").asString("");
        if (issuer.replaceFirst("/$", "").equals(oidc.issuer().replaceFirst("/$", ""))) {
            report.ok("the provider " + issuer + " answers");
        } else {
            report.wrong(
                    "the provider's issuer is \"" + issuer + "\", not \"" + oidc.issuer() + "\"",
                    "correct --oidc-issuer");
        }
    }
}
