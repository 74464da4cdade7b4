package dev.rung.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/**
 * Serves stylesheets, scripts and images at paths that contain a hash of the content, so that browsers can cache them without limit. Immutable.
 */
@Lazy
@Controller
public final class Assets {
    static final String PATH = "/console/assets/";
    private static final String CACHE_FOREVER = "public, max-age=31536000, immutable";
    private static final int DIGEST_LENGTH = 12;

    /** Class path resources by name. */
    private static final Map<String, String> FILES = Map.of(
            "console.css",
            "/console/assets/console.css",
            "console.js",
            "/console/assets/console.js",
            "rung.svg",
            "/console/assets/rung.svg",
            "htmx.js",
            webjar("htmx.org", "dist/htmx.min.js"),
            "uplot.js",
            webjar("uplot", "dist/uPlot.iife.min.js"),
            "uplot.css",
            webjar("uplot", "dist/uPlot.min.css"));

    private final Map<String, Asset> byName = new TreeMap<>();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Asset(String contentType, byte[] content, byte[] zipped, String digest) {}

    Assets() {
        FILES.forEach((name, file) -> byName.put(name, read(name, file)));
    }

    /** The path of a file in a WebJar, in the version on the class path. */
    private static String webjar(String name, String file) {
        Properties facts = new Properties();
        try (InputStream in =
                Assets.class.getResourceAsStream("/META-INF/maven/org.webjars.npm/" + name + "/pom.properties")) {
            facts.load(Objects.requireNonNull(in, () -> "the WebJar " + name + " is missing from the class path"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "/META-INF/resources/webjars/" + name + "/" + facts.getProperty("version") + "/" + file;
    }

    private static Asset read(String name, String file) {
        try (InputStream in = Assets.class.getResourceAsStream(file)) {
            byte[] content = Objects.requireNonNull(in, () -> file + " is missing from the class path")
                    .readAllBytes();
            ByteArrayOutputStream zipped = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
                out.write(content);
            }
            return new Asset(contentType(name), content, zipped.toByteArray(), digest(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String contentType(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static String digest(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest).substring(0, DIGEST_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The path of an asset. */
    public String at(String name) {
        return PATH + Objects.requireNonNull(byName.get(name), name).digest() + "/" + name;
    }

    @GetMapping(PATH + "{digest}/{name}")
    void serve(
            @PathVariable String digest,
            @PathVariable String name,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Asset asset = byName.get(name);
        if (asset == null) {
            response.setStatus(404);
            return;
        }
        // A page of another version gets the current content, but must not cache it.
        response.setHeader("Cache-Control", asset.digest().equals(digest) ? CACHE_FOREVER : "no-cache");
        response.setContentType(asset.contentType());
        response.setHeader("Vary", "Accept-Encoding");
        String accepted = request.getHeader("Accept-Encoding");
        boolean zipped = accepted != null && accepted.contains("gzip");
        if (zipped) {
            response.setHeader("Content-Encoding", "gzip");
        }
        byte[] content = zipped ? asset.zipped() : asset.content();
        response.setContentLength(content.length);
        response.getOutputStream().write(content);
    }
}
