package dev.rung.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Unvalidated settings with their origin. Flags override environment variables, which override the file.
 *
 * @param types the channel types on the class path, whose flags are known
 * @param accounts the channel accounts of the file
 * @param problems unknown settings and unreadable files
 */
public record RawSettings(
        ChannelTypes types, Map<Setting, Value> values, List<Account> accounts, List<String> problems) {

    /** The default file, in the working directory. */
    public static final String FILE_NAME = "rung.yaml";

    /** The variable for another file. */
    public static final String FILE_VARIABLE = "RUNG_CONFIG";

    /** Variables with the prefix that are not settings of the server, but of commands and the launcher. */
    private static final Set<String> OTHER_VARIABLES = Set.of(FILE_VARIABLE, "RUNG_SERVER");

    private static final String PREFIX = "RUNG_";

    /** A text and its origin. */
    public record Value(String text, SettingOrigin origin) {
        @Override
        public String toString() {
            return "Value[" + origin + "]";
        }
    }

    /**
     * A channel account as the file has it.
     *
     * @param name under {@code channels}
     * @param members with {@code type}, in the file's order
     */
    public record Account(String name, SettingOrigin origin, Map<String, Value> members) {
        public Account {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }
    }

    public RawSettings {
        values = Map.copyOf(values);
        accounts = List.copyOf(accounts);
        problems = List.copyOf(problems);
    }

    /**
     * Collects the settings.
     *
     * @param flags from the command line
     * @param configFile of {@code --config}; null if not given
     */
    public static RawSettings gather(
            Map<Setting, String> flags,
            Map<String, String> environment,
            Path workingDirectory,
            @Nullable Path configFile) {
        ChannelTypes types = ChannelTypes.onClassPath();
        List<Setting> known = Setting.all(types);
        Map<Setting, Value> values = new HashMap<>();
        List<Account> accounts = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        file(environment, workingDirectory, configFile, problems).ifPresent(file -> {
            String shown = (file.startsWith(workingDirectory) ? workingDirectory.relativize(file) : file).toString();
            content(file, shown, problems).ifPresent(content -> {
                fromFile(content.entries(), shown, known, values, problems);
                content.accounts().forEach(account -> accounts.add(account(account, shown)));
            });
        });
        fromEnvironment(environment, known, values, problems);
        flags.forEach((setting, text) -> values.put(setting, new Value(text, new SettingOrigin.Flag(setting.flag()))));
        return new RawSettings(types, values, accounts, problems);
    }

    /** The text, if set. */
    public Optional<String> text(Setting setting) {
        return Optional.ofNullable(values.get(setting)).map(Value::text);
    }

    public SettingOrigin origin(Setting setting) {
        Value value = values.get(setting);
        return value == null ? new SettingOrigin.Default() : value.origin();
    }

    Map<Setting, SettingOrigin> origins() {
        Map<Setting, SettingOrigin> origins = new HashMap<>();
        values.forEach((setting, value) -> origins.put(setting, value.origin()));
        return origins;
    }

    private static Optional<Path> file(
            Map<String, String> environment, Path workingDirectory, @Nullable Path configFile, List<String> problems) {
        String variable = environment.getOrDefault(FILE_VARIABLE, "");
        if (configFile == null && variable.isEmpty()) {
            return Optional.of(workingDirectory.resolve(FILE_NAME)).filter(Files::exists);
        }
        Path named = workingDirectory.resolve(configFile == null ? Path.of(variable) : configFile);
        if (!Files.isReadable(named)) {
            problems.add((configFile == null ? FILE_VARIABLE : "--config") + " \"" + named + "\" cannot be read");
            return Optional.empty();
        }
        return Optional.of(named);
    }

    private static Optional<SettingsFile.Content> content(Path file, String shown, List<String> problems) {
        try {
            return Optional.of(SettingsFile.read(file, shown));
        } catch (InvalidSettings e) {
            problems.addAll(e.problems());
            return Optional.empty();
        }
    }

    private static Account account(SettingsFile.Account account, String shown) {
        Map<String, Value> members = new LinkedHashMap<>();
        account.members()
                .forEach((name, entry) ->
                        members.put(name, new Value(entry.value(), new SettingOrigin.File(shown, entry.line()))));
        return new Account(account.name(), new SettingOrigin.File(shown, account.line()), members);
    }

    private static void fromFile(
            Map<String, SettingsFile.Entry> entries,
            String shown,
            List<Setting> all,
            Map<Setting, Value> values,
            List<String> problems) {
        Map<String, Setting> known = byName(all, Setting::key);
        entries.forEach((key, entry) -> {
            SettingOrigin origin = new SettingOrigin.File(shown, entry.line());
            Setting setting = known.get(key);
            if (setting == null) {
                problems.add(origin + ": " + unknown(key, known.keySet()));
            } else if (!entry.value().isEmpty()) {
                values.put(setting, new Value(entry.value(), origin));
            }
        });
    }

    private static void fromEnvironment(
            Map<String, String> environment, List<Setting> all, Map<Setting, Value> values, List<String> problems) {
        Map<String, Setting> known = byName(all, Setting::variable);
        new TreeMap<>(environment).forEach((name, text) -> {
            Setting setting = known.get(name);
            if (setting == null && !name.startsWith(PREFIX) || OTHER_VARIABLES.contains(name)) {
                return;
            }
            if (setting == null) {
                problems.add("environment: " + unknown(name, known.keySet()) + kubernetesHint(name));
            } else if (!text.isEmpty()) {
                // Empty variables count as unset, as in compose and unit files.
                values.put(setting, new Value(text, new SettingOrigin.Variable(name)));
            }
        });
    }

    private static Map<String, Setting> byName(List<Setting> all, Function<Setting, String> name) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        for (Setting setting : all) {
            settings.put(name.apply(setting), setting);
        }
        return settings;
    }

    private static String unknown(String name, Set<String> known) {
        return "unknown setting \"" + name + "\""
                + SpellingSuggestion.to(name, known)
                        .map(n -> "; did you mean " + n + "?")
                        .orElse("");
    }

    private static String kubernetesHint(String name) {
        return name.startsWith("RUNG_SERVICE_") || name.startsWith("RUNG_PORT_")
                ? "; Kubernetes sets it for a service named \"rung\": set enableServiceLinks: false in the pod's spec"
                : "";
    }
}
