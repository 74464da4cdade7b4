package dev.rung.store.common;

import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Signing;
import dev.rung.core.port.MerchantStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Merchants and their API keys: row mapping and the statements that write a merchant. */
public final class MerchantRows {
    private MerchantRows() {}

    public static final String MERCHANT = """
            id, version, name, notify_url, ladder_name, ladder, acknowledge, signing, key_current, key_public, key_previous,
            key_previous_until, max_in_flight, paused, created_at
            """;

    /** Parameters: id, version, {@link #values}. */
    public static final String INSERT =
            "INSERT INTO merchant (" + MERCHANT + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    /** Parameters: {@link #values}, version, id. */
    public static final String UPDATE = """
            UPDATE merchant SET name = ?, notify_url = ?, ladder_name = ?, ladder = ?, acknowledge = ?, signing = ?,
              key_current = ?, key_public = ?, key_previous = ?, key_previous_until = ?, max_in_flight = ?, paused = ?,
              created_at = ?, version = ?
            WHERE id = ?
            """;

    /** The columns of {@link #MERCHANT} except the first two. */
    public static @Nullable Object[] values(Merchant m) {
        Merchant.Keys keys = m.keys();
        return new @Nullable Object[] {
            m.name(),
            m.notifyUrl(),
            m.ladder() instanceof LadderChoice.Named(String name) ? name : null,
            m.ladder() instanceof LadderChoice.Inline(Ladder ladder) ? ladder.compact() : null,
            m.acknowledge().code(),
            keys.signing().code(),
            keys.current(),
            keys.publicKey(),
            keys.previous(),
            keys.previousUntil(),
            m.maxInFlight(),
            m.paused(),
            m.createdAt()
        };
    }

    public static Merchant merchant(ResultSet row) throws SQLException {
        String steps = row.getString("ladder");
        return new Merchant(
                new MerchantId(row.getLong("id")),
                row.getString("name"),
                row.getString("notify_url"),
                steps == null
                        ? new LadderChoice.Named(row.getString("ladder_name"))
                        : new LadderChoice.Inline(Ladder.parseCompact(steps)),
                CodedEnum.ofCode(Acknowledgement.class, row.getInt("acknowledge")),
                new Merchant.Keys(
                        CodedEnum.ofCode(Signing.class, row.getInt("signing")),
                        row.getBytes("key_current"),
                        row.getString("key_public"),
                        row.getBytes("key_previous"),
                        NullableColumns.number(row, "key_previous_until")),
                row.getInt("max_in_flight"),
                row.getBoolean("paused"),
                row.getLong("created_at"),
                row.getLong("version"));
    }

    public static final String KEY = "id, merchant_id, digest, hint, created_at";

    public static MerchantStore.Key key(ResultSet row) throws SQLException {
        return new MerchantStore.Key(
                row.getLong("id"),
                new MerchantId(row.getLong("merchant_id")),
                row.getBytes("digest"),
                row.getString("hint"),
                row.getLong("created_at"));
    }
}
