package dev.rung.store.common;

import dev.rung.core.port.CheckResult;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;

/** Migrates a store's schema by versioned SQL scripts. */
public final class SchemaMigrations {
    private final Flyway flyway;

    /**
     * @param location a folder on the class path
     * @param options Flyway properties
     */
    public SchemaMigrations(DataSource source, String location, Map<String, String> options) {
        this.flyway = Flyway.configure()
                .dataSource(source)
                .locations("classpath:" + location)
                .configuration(options)
                .load();
    }

    /** The migration failed. */
    public static final class MigrationFailed extends Exception {
        private static final long serialVersionUID = 1L;

        MigrationFailed(FlywayException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** Runs the pending scripts. */
    public void run() throws MigrationFailed {
        try {
            flyway.migrate();
        } catch (FlywayException e) {
            throw new MigrationFailed(e);
        }
    }

    /** Reports the schema's version without changing it. */
    public void check(CheckResult.Report report) {
        try {
            MigrationInfoService info = flyway.info();
            for (MigrationInfo migration : info.all()) {
                state(report, migration);
            }
            MigrationInfo current = info.current();
            int pending = info.pending().length;
            if (current == null) {
                report.ok("none yet; the first start creates the tables");
            } else {
                report.ok("at version " + current.getVersion()
                        + (pending == 0 ? ", up to date" : ", " + pending + " more at the next start"));
            }
        } catch (FlywayException e) {
            report.wrong("cannot be read: " + reason(e), "check the privileges of the database user");
        }
    }

    private static void state(CheckResult.Report report, MigrationInfo migration) {
        String what = migration.getVersion() + " (" + migration.getDescription() + ")";
        if (migration.getState().isFailed()) {
            report.wrong(
                    what + " failed", "see the server's log of that start, fix the cause and start the server again");
        } else if (migration.getState() == MigrationState.FUTURE_SUCCESS) {
            report.note(what + " was created by a newer version of Rung", "run the newer version on all machines");
        }
    }

    private static String reason(Throwable e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
    }
}
