package dev.rung.store.common;

import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.Signing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Merchants: row mapping and the statements that write a merchant. */
public final class MerchantRows {
    private MerchantRows() {}

    public static final String MERCHANT = """
            id, version, name, notify_url, ladder_name, ladder, acknowledge, signing, key_current, key_public, key_earlier,
            max_in_flight, paused, timeout_millis, rate, header_names, header_values, signature_header,
            created_at
            """;

    /** Parameters: id, version, {@link #values}. */
    public static final String INSERT =
            "INSERT INTO merchant (" + MERCHANT + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    /** Parameters: {@link #values}, version, id. */
    public static final String UPDATE = """
            UPDATE merchant SET name = ?, notify_url = ?, ladder_name = ?, ladder = ?, acknowledge = ?, signing = ?,
              key_current = ?, key_public = ?, key_earlier = ?, max_in_flight = ?, paused = ?, timeout_millis = ?, rate = ?,
              header_names = ?, header_values = ?, signature_header = ?,
              created_at = ?, version = ?
            WHERE id = ?
            """;

    /** The columns of {@link #MERCHANT} except the first two. */
    public static @Nullable Object[] values(Merchant m) {
        Receiver receiver = m.receiver();
        Receiver.Keys keys = receiver.keys();
        return new @Nullable Object[] {
            m.name(),
            receiver.url(),
            receiver.ladder() instanceof LadderChoice.Named(String name) ? name : null,
            receiver.ladder() instanceof LadderChoice.Inline(Ladder ladder) ? ladder.compact() : null,
            receiver.acknowledge().code(),
            keys.signing().code(),
            keys.current(),
            keys.publicKey(),
            earlierText(keys.earlier()),
            receiver.maxInFlight(),
            receiver.paused(),
            receiver.timeout().toMillis(),
            receiver.rate(),
            receiver.headers() == null
                    ? null
                    : String.join("\n", receiver.headers().names()),
            receiver.headers() == null ? null : receiver.headers().sealed(),
            receiver.signatureHeader(),
            m.createdAt()
        };
    }

    public static Merchant merchant(ResultSet row) throws SQLException {
        return new Merchant(
                new MerchantId(row.getLong("id")),
                row.getString("name"),
                receiver(row),
                row.getLong("created_at"),
                row.getLong("version"));
    }

    private static Receiver receiver(ResultSet row) throws SQLException {
        String steps = row.getString("ladder");
        return new Receiver(
                row.getString("notify_url"),
                steps == null
                        ? new LadderChoice.Named(row.getString("ladder_name"))
                        : new LadderChoice.Inline(Ladder.parseCompact(steps)),
                CodedEnum.ofCode(Acknowledgement.class, row.getInt("acknowledge")),
                new Receiver.Keys(
                        CodedEnum.ofCode(Signing.class, row.getInt("signing")),
                        row.getBytes("key_current"),
                        row.getString("key_public"),
                        earlier(row.getString("key_earlier"))),
                row.getInt("max_in_flight"),
                row.getBoolean("paused"),
                Duration.ofMillis(row.getInt("timeout_millis")),
                row.getObject("rate") == null ? null : row.getDouble("rate"),
                headers(row),
                row.getString("signature_header"));
    }

    private static Receiver.@Nullable Headers headers(ResultSet row) throws SQLException {
        String names = row.getString("header_names");
        return names == null
                ? null
                : new Receiver.Headers(List.of(names.split("\n", -1)), row.getBytes("header_values"));
    }

    private static @Nullable String earlierText(List<Receiver.EarlierKey> keys) {
        return keys.isEmpty()
                ? null
                : keys.stream()
                        .map(key -> key.until() + ":" + Base64.getEncoder().encodeToString(key.sealed()))
                        .collect(Collectors.joining(","));
    }

    private static List<Receiver.EarlierKey> earlier(@Nullable String text) {
        List<Receiver.EarlierKey> keys = new ArrayList<>();
        if (text != null) {
            for (String key : text.split(",", -1)) {
                int colon = key.indexOf(':');
                keys.add(new Receiver.EarlierKey(
                        Base64.getDecoder().decode(key.substring(colon + 1)), Long.parseLong(key.substring(0, colon))));
            }
        }
        return List.copyOf(keys);
    }
}
