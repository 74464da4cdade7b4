package dev.rung.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The OpenAPI document, and a page that shows it. */
@RestController
final class OpenApiController {
    private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);
    private static final MediaType SCRIPT = new MediaType("text", "javascript", StandardCharsets.UTF_8);
    private static final MediaType STYLE = new MediaType("text", "css", StandardCharsets.UTF_8);
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final byte[] document;
    private final byte[] page = read("/docs/docs.html");
    private final byte[] script = read("/docs/docs.js");
    private final byte[] style = read("/docs/docs.css");

    /**
     * @param version of the server, shown in the document
     */
    OpenApiController(ApiVersion version) {
        this.document = new String(read("/openapi.json"), StandardCharsets.UTF_8)
                .replace("@version@", version.text())
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] read(String resource) {
        try (InputStream in = OpenApiController.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing from the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @GetMapping("/openapi.json")
    ResponseEntity<byte[]> document() {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(document);
    }

    @GetMapping("/docs")
    ResponseEntity<byte[]> page() {
        return ResponseEntity.ok()
                .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .contentType(HTML)
                .body(page);
    }

    @GetMapping("/docs/docs.js")
    ResponseEntity<byte[]> script() {
        return ResponseEntity.ok().contentType(SCRIPT).body(script);
    }

    @GetMapping("/docs/docs.css")
    ResponseEntity<byte[]> style() {
        return ResponseEntity.ok().contentType(STYLE).body(style);
    }
}
