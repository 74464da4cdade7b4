package dev.rung.cli.doctor;

import dev.rung.core.port.CheckResult;
import dev.rung.core.port.CheckResult.Level;
import dev.rung.settings.InvalidSettings;
import dev.rung.settings.RawSettings;
import dev.rung.settings.Settings;
import dev.rung.settings.SettingsReader;
import java.util.ArrayList;
import java.util.List;

/** Runs every check that applies to some settings, in the order in which a starting server would meet the problems. */
public final class DoctorChecks {
    private DoctorChecks() {}

    public static List<CheckResult> of(RawSettings raw) {
        List<CheckResult> results = new ArrayList<>(new JavaCheck().run());
        Settings settings;
        try {
            settings = SettingsReader.read(raw);
        } catch (InvalidSettings e) {
            e.problems().forEach(p -> results.add(new CheckResult(Level.WRONG, "settings", p, null)));
            return results;
        }
        for (Check check : checks(raw, settings)) {
            results.addAll(check.run());
        }
        return results;
    }

    private static List<Check> checks(RawSettings raw, Settings settings) {
        List<Check> checks = new ArrayList<>(List.of(
                new SettingsCheck(settings),
                new DataDirCheck(settings),
                new SecretFilesCheck(raw, settings),
                new PortCheck(settings),
                () -> settings.storage().provider().check(settings.storage().store()),
                () -> settings.queue().provider().check(settings.queueConfig()),
                new TargetsCheck(settings.egress()),
                new ChannelsCheck(settings)));
        Settings.Oidc oidc = settings.access().oidc();
        if (oidc != null) {
            checks.add(new OidcCheck(oidc));
        }
        return checks;
    }
}
