package example.xmldialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.crypto.dialect.SigningDialect;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The XML of merchants that were integrated with WeChat Pay's API v2: {@code <xml><name>value</name>…<sign>…</sign></xml>}. {@code sign} is the
 * MD5, in upper-case hexadecimal, of the members that are not empty, sorted by name and joined as {@code k=v&k=v}, and {@code &key=} with the
 * secret. The payload is a flat JSON object.
 */
public final class XmlDialect implements SigningDialect {
    @Override
    public String name() {
        return "xml-md5";
    }

    @Override
    public Optional<String> check(byte[] payload) {
        try {
            Map<String, String> members = FlatJson.read(new String(payload, UTF_8));
            return members.containsKey("sign")
                    ? Optional.of("has a member sign, which the signing xml-md5 writes")
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage() + ", which the signing xml-md5 needs");
        }
    }

    @Override
    public Signed sign(Message message) {
        Map<String, String> members = new TreeMap<>(FlatJson.read(new String(message.payload(), UTF_8)));
        // The oldest of the valid keys, because the document has one signature.
        byte[] secret = message.keys().getLast().secret();
        StringBuilder text = new StringBuilder();
        StringBuilder xml = new StringBuilder("<xml>");
        members.forEach((name, value) -> {
            if (!value.isEmpty()) {
                text.append(name).append('=').append(value).append('&');
            }
            element(xml, name, value);
        });
        MessageDigest md5 = md5();
        md5.update(text.append("key=").toString().getBytes(UTF_8));
        element(xml, "sign", HexFormat.of().withUpperCase().formatHex(md5.digest(secret)));
        byte[] body = xml.append("</xml>").toString().getBytes(UTF_8);
        return new Signed("text/xml; charset=utf-8", body, Map.of());
    }

    private static void element(StringBuilder xml, String name, String value) {
        xml.append('<').append(name).append('>');
        xml.append(value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
        xml.append("</").append(name).append('>');
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no MD5", e);
        }
    }
}
