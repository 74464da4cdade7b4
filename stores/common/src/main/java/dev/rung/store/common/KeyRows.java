package dev.rung.store.common;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Role;
import dev.rung.core.port.KeyStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** API keys: the statements and row mapping that both databases share. */
public final class KeyRows {
    private static final String COLUMNS = "id, merchant_id, digest, hint, name, role, from_setting,"
            + " created_at, expires_at, last_used_at, revoked_at";
    private static final String SELECT = "SELECT " + COLUMNS + " FROM api_key ";

    public static final String INSERT =
            "INSERT INTO api_key (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    public static final String ADOPT = INSERT + " ON CONFLICT (digest) DO NOTHING";
    /** Parameters: role, id of the key that stays. */
    public static final String DELETE_EARLIER =
            "DELETE FROM api_key WHERE from_setting AND revoked_at IS NULL AND role = ? AND id <> ?";
    /** Parameters: the merchant's id. */
    public static final String LIST_OF_MERCHANT = SELECT + "WHERE merchant_id = ? AND revoked_at IS NULL ORDER BY id";

    public static final String LIST_OF_SERVER = SELECT + "WHERE merchant_id IS NULL AND revoked_at IS NULL ORDER BY id";
    public static final String FIND = SELECT + "WHERE id = ?";
    public static final String FIND_BY_DIGEST = SELECT + "WHERE digest = ?";
    /** Parameters: time, id. */
    public static final String REVOKE_SETTING =
            "UPDATE api_key SET revoked_at = ? WHERE id = ? AND from_setting AND revoked_at IS NULL";
    /** Parameters: id, the merchant's id or -1. */
    public static final String DELETE =
            "DELETE FROM api_key WHERE id = ? AND coalesce(merchant_id, -1) = ? AND NOT from_setting";
    /** Parameters: time, id, the latest time that is replaced. */
    public static final String MARK_USED =
            "UPDATE api_key SET last_used_at = ? WHERE id = ? AND coalesce(last_used_at, 0) <= ?";

    private KeyRows() {}

    /** The merchant's id, or -1. */
    public static long owner(@Nullable MerchantId merchant) {
        return merchant == null ? -1 : merchant.value();
    }

    /** The values of {@link #INSERT}. */
    public static @Nullable Object[] values(KeyStore.Key key) {
        return new @Nullable Object[] {
            key.id(),
            key.merchant() == null ? null : key.merchant().value(),
            key.digest(),
            key.hint(),
            key.name(),
            key.role().code(),
            key.fromSetting(),
            key.createdAt(),
            key.expiresAt(),
            key.lastUsedAt(),
            key.revokedAt()
        };
    }

    public static KeyStore.Key key(ResultSet row) throws SQLException {
        Long merchant = NullableColumns.number(row, "merchant_id");
        return new KeyStore.Key(
                row.getLong("id"),
                row.getString("name"),
                CodedEnum.ofCode(Role.class, row.getInt("role")),
                merchant == null ? null : new MerchantId(merchant),
                row.getBytes("digest"),
                row.getString("hint"),
                row.getBoolean("from_setting"),
                row.getLong("created_at"),
                NullableColumns.number(row, "expires_at"),
                NullableColumns.number(row, "last_used_at"),
                NullableColumns.number(row, "revoked_at"));
    }
}
