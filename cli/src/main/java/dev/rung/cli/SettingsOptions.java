package dev.rung.cli;

import dev.rung.settings.ChannelTypes;
import dev.rung.settings.RawSettings;
import dev.rung.settings.Setting;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/** The settings as options of a command. */
final class SettingsOptions {
    private static final int ORDER_FIRST = 10;

    private final Map<Setting, String> flags = new HashMap<>();
    private @Nullable String config;

    void addTo(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("--config")
                .type(String.class)
                .paramLabel("FILE")
                .order(ORDER_FIRST - 1)
                .description("settings file (RUNG_CONFIG; default rung.yaml in the working directory)")
                .setter(new ISetter() {
                    @Override
                    public <T> T set(T value) {
                        config = value == null ? null : value.toString();
                        return value;
                    }
                })
                .build());
        int order = ORDER_FIRST;
        for (Setting setting : Setting.all(ChannelTypes.onClassPath())) {
            if (setting.hasFlag()) {
                spec.addOption(option(setting, order++));
            }
        }
    }

    /** All settings, from options, environment and file. */
    RawSettings gather(Terminal terminal) {
        return RawSettings.gather(
                flags, terminal.environment(), terminal.workingDirectory(), config == null ? null : Path.of(config));
    }

    private OptionSpec option(Setting setting, int order) {
        String standard = setting.defaultText()
                .filter(d -> !d.isEmpty() && !setting.isSwitch())
                .map(d -> " (" + d + ")")
                .orElse("");
        OptionSpec.Builder option = OptionSpec.builder(setting.flag())
                .type(String.class)
                .paramLabel(setting.placeholder())
                .order(order)
                .description(setting.meaning() + standard)
                .setter(new ISetter() {
                    @Override
                    public <T> T set(T value) {
                        if (value != null) {
                            flags.put(setting, value.toString());
                        }
                        return value;
                    }
                });
        return setting.isSwitch()
                ? option.arity("0..1").fallbackValue("true").build()
                : option.arity("1").build();
    }
}
