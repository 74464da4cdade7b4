package dev.rung.cli.doctor;

import dev.rung.cli.doctor.CheckResult.Level;
import dev.rung.settings.InvalidSettings;
import dev.rung.settings.RawSettings;
import dev.rung.settings.Secret;
import dev.rung.settings.Settings;
import dev.rung.settings.Settings.Storage.Database;
import dev.rung.settings.SettingsReader;
import java.util.ArrayList;
import java.util.List;

/** All checks that make sense with some settings, in the order in which a server would trip over them. */
public final class DoctorChecks {
    private DoctorChecks() {}

    public static List<CheckResult> of(RawSettings raw) {
        List<CheckResult> findings = new ArrayList<>(new JavaCheck().look());
        Settings settings;
        try {
            settings = SettingsReader.read(raw);
        } catch (InvalidSettings e) {
            e.problems().forEach(p -> findings.add(new CheckResult(Level.WRONG, "settings", p, null)));
            return findings;
        }
        for (Check check : checks(settings)) {
            findings.addAll(check.look());
        }
        return findings;
    }

    private static List<Check> checks(Settings settings) {
        List<Check> checks = new ArrayList<>();
        checks.add(new SettingsCheck(settings));
        checks.add(new DataDirCheck(settings));
        checks.add(new PortCheck(settings));
        Database database = settings.storage().database();
        if (database != null) {
            checks.add(new PostgresCheck(database));
        }
        Secret broker = settings.queue().rabbitmqUri();
        if (broker != null) {
            checks.add(new RabbitCheck(broker, settings.queue().deadLetterStrategy()));
        }
        checks.add(new TargetsCheck(settings.egress()));
        return checks;
    }
}
