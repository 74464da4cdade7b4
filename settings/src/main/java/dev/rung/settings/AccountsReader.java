package dev.rung.settings;

import dev.rung.payments.channel.AccountMember;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.channel.ChannelType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads channel accounts for {@link SettingsReader}: those of the file, one per type from flags and variables, and those enabled by
 * default. An incomplete account stops the start.
 */
final class AccountsReader {
    private static final int FILE_BYTES_MAX = 256 * 1024;

    /** The byte order mark of UTF-8, read as ISO 8859-1. */
    private static final String UTF_8_MARK = "\u00EF\u00BB\u00BF";

    private final SettingsReader reader;
    private final RawSettings raw;
    private final ChannelTypes types;
    private final List<Settings.Payments.Channel> channels = new ArrayList<>();

    AccountsReader(SettingsReader reader, RawSettings raw, ChannelTypes types) {
        this.reader = reader;
        this.raw = raw;
        this.types = types;
    }

    /** A member's value and its label in messages: {@code --alipay-app-id "…"}. */
    private record Given(String text, boolean isPath, String label) {}

    /** Returns the accounts and records their problems. */
    List<Settings.Payments.Channel> read(Settings.Listen listen) {
        Set<String> names = new HashSet<>();
        for (RawSettings.Account account : raw.accounts()) {
            names.add(account.name());
            fromFile(account);
        }
        for (ChannelType type : types.all()) {
            Map<String, Given> flags = flags(type);
            boolean byItself = existsByItself(type, listen);
            if (names.contains(type.name())) {
                if (!flags.isEmpty()) {
                    reader.problem("the channel " + type.name() + " is described twice: under channels, and by "
                            + flags.values().iterator().next().label());
                }
            } else if (!flags.isEmpty() || byItself) {
                add(
                        type,
                        type.name(),
                        flags,
                        member -> Setting.ofMember(type, member).flag());
            }
        }
        return channels;
    }

    private boolean existsByItself(ChannelType type, Settings.Listen listen) {
        if (!type.existsOnLoopback()) {
            return false;
        }
        Setting setting = Setting.ofType(type);
        return raw.text(setting).isPresent()
                ? reader.value(setting, false, SettingsReader::onOrOff)
                : listen.bind().isLoopbackAddress() && !listen.behindProxy();
    }

    private Map<String, Given> flags(ChannelType type) {
        Map<String, Given> given = new HashMap<>();
        for (AccountMember member : type.members()) {
            Setting setting = Setting.ofMember(type, member);
            raw.text(setting)
                    .filter(text -> !text.isEmpty())
                    .ifPresent(text ->
                            given.put(member.name(), new Given(text, member.isFromFile(), reader.named(setting))));
        }
        return given;
    }

    private void fromFile(RawSettings.Account account) {
        String where = account.origin() + ": channels." + account.name();
        if (!account.name().matches("[A-Za-z0-9][A-Za-z0-9_-]{0,31}")) {
            reader.problem(where + " cannot be the name of a channel: 1 to 32 letters, digits, - and _");
            return;
        }
        RawSettings.Value typeName = account.members().get("type");
        if (typeName == null) {
            reader.problem(where + " has no type; known are " + String.join(", ", types.names()));
            return;
        }
        Optional<ChannelType> type = types.find(typeName.text());
        if (type.isEmpty()) {
            reader.problem(where + ": unknown type \"" + typeName.text() + "\""
                    + nearest(typeName.text(), new TreeSet<>(types.names())));
            return;
        }
        add(type.get(), account.name(), members(account, type.get()), member -> member.settingName());
    }

    private Map<String, Given> members(RawSettings.Account account, ChannelType type) {
        Map<String, Given> given = new HashMap<>();
        account.members().forEach((key, value) -> {
            if (key.equals("type")) {
                return;
            }
            String where = value.origin() + ": channels." + account.name();
            AccountMember member = type.members().stream()
                    .filter(m -> m.settingName().equals(key) || m.name().equals(key))
                    .findFirst()
                    .orElse(null);
            if (member == null) {
                Set<String> known = new TreeSet<>(
                        type.members().stream().map(AccountMember::settingName).toList());
                known.add("type");
                reader.problem(where + ": unknown member \"" + key + "\"" + nearest(key, known));
                return;
            }
            boolean isPath = member.isFromFile() && key.equals(member.settingName());
            boolean shown = isPath || member.kind() != AccountMember.Kind.SECRET;
            Given before = given.put(
                    member.name(),
                    new Given(value.text(), isPath, where + "." + key + (shown ? " \"" + value.text() + "\"" : "")));
            if (before != null) {
                reader.problem(where + " has both " + member.name() + " and " + member.settingName());
            }
        });
        return given;
    }

    private static String nearest(String unknown, Set<String> known) {
        return SpellingSuggestion.to(unknown, known)
                .map(name -> "; did you mean " + name + "?")
                .orElse(known.isEmpty() ? "" : "; known are " + String.join(", ", known));
    }

    /** The names of an account's members in its source (flags or file). */
    private interface Naming {
        String of(AccountMember member);
    }

    private void add(ChannelType type, String name, Map<String, Given> given, Naming naming) {
        Map<String, String> values = new HashMap<>();
        List<String> missing = new ArrayList<>();
        boolean sound = true;
        for (AccountMember member : type.members()) {
            Given value = given.get(member.name());
            if (value != null) {
                String text = checked(member, value);
                sound &= text != null;
                if (text != null) {
                    values.put(member.name(), text);
                }
            } else if (member.required()) {
                missing.add(naming.of(member));
            }
        }
        if (!missing.isEmpty()) {
            reader.problem("the channel " + name + " is incomplete; missing: " + String.join(", ", missing));
        }
        if (!sound || !missing.isEmpty()) {
            return;
        }
        ChannelAccount account = ChannelAccount.of(type, name, values);
        String problem = type.problem(account);
        if (problem == null) {
            channels.add(new Settings.Payments.Channel(type, account));
        } else {
            reader.problem("the channel " + name + ": " + problem);
        }
    }

    /** The value; null after a problem was recorded. */
    private @Nullable String checked(AccountMember member, Given given) {
        try {
            String value = given.isPath() ? content(given.text()) : given.text();
            member.check().accept(value);
            return value;
        } catch (IllegalArgumentException e) {
            reader.problem(given.label() + " " + e.getMessage());
            return null;
        }
    }

    private static String content(String path) {
        Path file = SettingsReader.readableFile(path);
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new IllegalArgumentException("is too large to be a key");
            }
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            // Some editors begin UTF-8 files with a byte order mark.
            return text.startsWith(UTF_8_MARK) ? text.substring(UTF_8_MARK.length()) : text;
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read: " + e, e);
        }
    }
}
