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

/** Merchants and their API keys: in which order their columns make one. What the columns are called is each database's own. */
public final class MerchantRows {
    private MerchantRows() {}

    /**
     * A merchant's columns but the first two, id and version: name, URL, ladder's name, ladder's steps, acknowledgement, signing, current key,
     * public key, previous key, until when that is good, bound, whether it is paused, time of creation.
     */
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

    /** Of id, version and {@link #values}. */
    public static Merchant merchant(ResultSet row) throws SQLException {
        String steps = row.getString(6);
        return new Merchant(
                new MerchantId(row.getLong(1)),
                row.getString(3),
                row.getString(4),
                steps == null
                        ? new LadderChoice.Named(row.getString(5))
                        : new LadderChoice.Inline(Ladder.parseCompact(steps)),
                CodedEnum.ofCode(Acknowledgement.class, row.getInt(7)),
                new Merchant.Keys(
                        CodedEnum.ofCode(Signing.class, row.getInt(8)),
                        row.getBytes(9),
                        row.getString(10),
                        row.getBytes(11),
                        NullableColumns.number(row, 12)),
                row.getInt(13),
                row.getBoolean(14),
                row.getLong(15),
                row.getLong(2));
    }

    public static final String KEY = "id, merchant_id, digest, hint, created_at";

    public static MerchantStore.Key key(ResultSet row) throws SQLException {
        return new MerchantStore.Key(
                row.getLong(1), new MerchantId(row.getLong(2)), row.getBytes(3), row.getString(4), row.getLong(5));
    }
}
