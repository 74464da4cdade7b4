package dev.rung.store.mysql;

import dev.rung.store.common.SchemaScripts;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The tables and the VSchema of a keyspace. Tables are created on each shard by statements that can be repeated: vtgate has no locks for Flyway, and DDL is
 * not transactional on MySQL anyway.
 */
final class VitessSchema {
    /** The statements of {@code vschema.sql}. */
    private static final Pattern VINDEX =
            Pattern.compile("ALTER VSCHEMA ON (\\w+) ADD VINDEX merchant\\((\\w+)\\) USING (\\w+)");

    /** vtgate's error for a table that is not in the VSchema yet. */
    private static final int UNKNOWN_TABLE = 1146;

    private VitessSchema() {}

    /** {@code ALTER VSCHEMA} statements for the sharded keyspace. */
    static String vschema() {
        return script("db/vitess", "vschema.sql");
    }

    private static String script(String folder, String name) {
        return SchemaScripts.read(VitessSchema.class, folder, List.of(name));
    }

    /** Creates the tables that are missing on one shard. */
    static void createTables(Connection shard) throws SQLException {
        for (String statement : statements(script(Migrations.LOCATION, "V1__schema.sql"))) {
            MySqlDatabase.execute(shard, statement);
        }
    }

    /** A script's statements; comments are whole lines. */
    private static List<String> statements(String script) {
        String sql = script.lines()
                .filter(line -> !line.strip().startsWith("--"))
                .reduce("", (all, line) -> all + line + "\n");
        return Stream.of(sql.split(";\\s*\n"))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .toList();
    }

    /** The statements of {@link #vschema} that are not in effect. */
    static List<String> missing(Connection keyspace) throws SQLException {
        List<String> missing = new ArrayList<>();
        for (String statement : statements(vschema())) {
            Matcher wanted = VINDEX.matcher(statement);
            if (!wanted.matches()) {
                throw new IllegalStateException("not a statement of the VSchema: " + statement);
            }
            if (!has(keyspace, wanted.group(1), wanted.group(2), wanted.group(3))) {
                missing.add(statement);
            }
        }
        return missing;
    }

    /** Whether the first vindex of the table, which places its rows, is the wanted one. */
    private static boolean has(Connection keyspace, String table, String column, String type) throws SQLException {
        try (Statement statement = keyspace.createStatement();
                ResultSet vindexes = statement.executeQuery("SHOW VSCHEMA VINDEXES ON " + table)) {
            return vindexes.next()
                    && vindexes.getString("Columns").equals(column)
                    && vindexes.getString("Type").equals(type);
        } catch (SQLException e) {
            if (e.getErrorCode() == UNKNOWN_TABLE) {
                return false;
            }
            throw e;
        }
    }
}
