package dev.rung.store.common;

import dev.rung.core.port.AuditLog.Entry;
import dev.rung.core.port.AuditLog.Filter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit log: the statements and row mapping that both databases share. */
public final class AuditRows {
    private static final String COLUMNS = "id, at, actor, actor_id, address, action, target, detail";

    public static final String INSERT = "INSERT INTO audit (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    /** Parameters: detail, id. */
    public static final String CHANGE_DETAIL = "UPDATE audit SET detail = ? WHERE id = ?";
    /** Parameters: the id above the purged ones, the limit. */
    public static final String PURGE =
            "DELETE FROM audit WHERE id IN (SELECT id FROM (SELECT id FROM audit WHERE id < ? ORDER BY id LIMIT ?) AS oldest)";

    private AuditRows() {}

    /** A statement with its parameters. */
    public record Query(String sql, List<Object> parameters) {
        public Object[] values() {
            return parameters.toArray();
        }
    }

    /** Reads a page. Names and ids of actors have an index each, so that a page costs the same however long the log is. */
    public static Query list(Filter filter, @Nullable Long before, int limit) {
        if (filter.actor() == null) {
            return page(filter, before, limit, "");
        }
        Query named = page(filter, before, limit, "actor");
        Query identified = page(filter, before, limit, "actor_id");
        List<Object> parameters = new ArrayList<>(named.parameters());
        parameters.addAll(identified.parameters());
        parameters.add(limit);
        return new Query(
                "SELECT * FROM (" + named.sql() + ") AS named UNION SELECT * FROM (" + identified.sql()
                        + ") AS identified ORDER BY id DESC LIMIT ?",
                parameters);
    }

    private static Query page(Filter filter, @Nullable Long before, int limit, String actorColumn) {
        long below = before == null ? filter.to() : Math.min(before, filter.to());
        StringBuilder sql = new StringBuilder("SELECT " + COLUMNS + " FROM audit WHERE id >= ? AND id < ?");
        List<Object> parameters = new ArrayList<>(List.of(filter.from(), below));
        if (filter.actor() != null) {
            sql.append(" AND ").append(actorColumn).append(" = ?");
            parameters.add(filter.actor());
        }
        if (filter.action() != null) {
            sql.append(" AND action = ?");
            parameters.add(filter.action());
        }
        sql.append(" ORDER BY id DESC LIMIT ?");
        parameters.add(limit);
        return new Query(sql.toString(), parameters);
    }

    /** The values of {@link #INSERT}. */
    public static @Nullable Object[] values(Entry entry) {
        return new @Nullable Object[] {
            entry.id(),
            entry.at(),
            entry.actor(),
            entry.actorId(),
            entry.address(),
            entry.action(),
            entry.target(),
            entry.detail()
        };
    }

    public static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getLong("id"),
                row.getLong("at"),
                row.getString("actor"),
                row.getString("actor_id"),
                row.getString("address"),
                row.getString("action"),
                row.getString("target"),
                row.getString("detail"));
    }
}
