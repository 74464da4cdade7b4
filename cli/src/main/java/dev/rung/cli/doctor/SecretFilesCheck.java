package dev.rung.cli.doctor;

import dev.rung.core.port.CheckResult;
import dev.rung.payments.channel.AccountMember;
import dev.rung.payments.channel.ChannelType;
import dev.rung.settings.DataDir;
import dev.rung.settings.RawSettings;
import dev.rung.settings.Setting;
import dev.rung.settings.SettingOrigin;
import dev.rung.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Checks who can read the files that contain secrets: those of the data dir, those that settings name, and the settings file itself. */
final class SecretFilesCheck implements Check {
    private static final Set<PosixFilePermission> ANYONE =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);
    /** Also of no other user of the group, because only this process writes and reads them. */
    private static final Set<PosixFilePermission> ANYONE_ELSE = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private static final List<Setting> FILES = List.of(
            Setting.API_KEY_FILE,
            Setting.VIEWER_KEY_FILE,
            Setting.MASTER_KEY_FILE,
            Setting.OIDC_CLIENT_SECRET_FILE,
            Setting.DATABASE_PASSWORD_FILE,
            Setting.RABBITMQ_URI_FILE,
            Setting.TLS_KEY);

    private final RawSettings raw;
    private final Settings settings;

    SecretFilesCheck(RawSettings raw, Settings settings) {
        this.raw = raw;
        this.settings = settings;
    }

    @Override
    public List<CheckResult> run() {
        CheckResult.Report report = new CheckResult.Report("secrets");
        DataDir dir = new DataDir(settings.storage().dataDir());
        Stream.of(dir.apiKey(), dir.masterKey(), dir.testMerchants(), dir.database())
                .forEach(file -> check(report, file, ANYONE_ELSE));
        Set<Path> named = new LinkedHashSet<>();
        for (Setting setting : FILES) {
            raw.text(setting).map(Path::of).ifPresent(named::add);
        }
        for (Setting setting : Setting.all(settings.payments().types())) {
            if (setting.isSecret() && settings.origin(setting) instanceof SettingOrigin.File file) {
                named.add(Path.of(file.path()));
            }
        }
        for (ChannelType type : settings.payments().types().all()) {
            type.members().stream()
                    .filter(member -> member.kind() == AccountMember.Kind.SECRET)
                    .forEach(member -> {
                        raw.text(Setting.ofMember(type, member)).map(Path::of).ifPresent(named::add);
                        for (RawSettings.Account account : raw.accounts()) {
                            RawSettings.Value value = account.members().get(member.settingName());
                            if (value != null) {
                                named.add(Path.of(value.text()));
                            }
                        }
                    });
        }
        named.forEach(file -> check(report, file, ANYONE));
        if (report.results().isEmpty()) {
            report.ok("no other user can read them");
        }
        return report.results();
    }

    private static void check(CheckResult.Report report, Path file, Set<PosixFilePermission> excessive) {
        try {
            if (Files.exists(file)
                    && Files.getFileStore(file).supportsFileAttributeView("posix")
                    && Files.getPosixFilePermissions(file).stream().anyMatch(excessive::contains)) {
                report.wrong(file.getFileName() + " can be read by other users", "chmod 600 " + file);
            }
        } catch (IOException e) {
            report.note("the permissions of " + file + " cannot be read: " + e, "check them yourself");
        }
    }
}
