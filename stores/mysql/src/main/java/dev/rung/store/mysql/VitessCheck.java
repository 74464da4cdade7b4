package dev.rung.store.mysql;

import dev.rung.core.port.CheckResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Checks a keyspace of Vitess: its shards, the keyspace beside it, the VSchema, and that each shard answers. */
final class VitessCheck {
    private VitessCheck() {}

    /** Connects to a URL. */
    interface Connector {
        Connection to(String url) throws SQLException;
    }

    static List<CheckResult> run(Connection gate, String url, Connector connector) throws SQLException {
        ConnectionPools pools = new ConnectionPools(url, "", "");
        VitessKeyspace.Shards shards = VitessKeyspace.Shards.of(gate, pools.database());
        CheckResult.Report database = new CheckResult.Report("database");
        String missing = shards.missing();
        if (missing != null) {
            database.wrong(missing, "create both keyspaces, see the operations guide");
            return database.results();
        }
        database.ok("Vitess, keyspace " + shards.keyspace() + " with the shards " + String.join(" ", shards.names()));
        List<CheckResult> results = new ArrayList<>(database.results());
        CheckResult.Report each = new CheckResult.Report("shards");
        for (String name : shards.names()) {
            answers(each, name, pools.of(shards.target(name), name, MySqlDialect.SERVER), connector);
        }
        answers(
                each,
                "the one of the global keyspace",
                pools.of(shards.globalTarget(), "", MySqlDialect.SERVER),
                connector);
        results.addAll(each.results());
        CheckResult.Report vschema = new CheckResult.Report("vschema");
        List<String> statements = VitessSchema.missing(gate);
        if (statements.isEmpty()) {
            vschema.ok("every table with rows of merchants has its vindex");
        } else {
            vschema.note(
                    statements.size() + " tables have no vindex yet; the first start adds them where it may",
                    "else apply the VSchema that rung schema prints");
        }
        results.addAll(vschema.results());
        return results;
    }

    private static void answers(CheckResult.Report report, String name, ConnectionPools shard, Connector connector) {
        try (Connection connection = connector.to(shard.url())) {
            MySqlDatabase.execute(connection, "SELECT 1 FROM dual");
            report.ok(name + " answers");
        } catch (SQLException e) {
            report.wrong(
                    name + ": " + MySqlDatabase.failure(e).getMessage(), "check its primary: vtctldclient GetTablets");
        }
    }
}
