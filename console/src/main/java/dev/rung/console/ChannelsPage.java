package dev.rung.console;

import dev.rung.api.ChannelCatalog;
import dev.rung.api.ChannelService;
import dev.rung.payments.channel.AccountMember;
import dev.rung.payments.channel.ChannelType;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.Problem;
import dev.rung.web.ProblemException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/** The pages of channel accounts: all of them, and the form for one. */
@Lazy
@Controller
@RequestMapping("/channels")
final class ChannelsPage {
    private final ChannelService channels;
    private final ProblemMessages problems;

    ChannelsPage(ChannelService channels, ProblemMessages problems) {
        this.channels = channels;
        this.problems = problems;
    }

    /**
     * An account in the list.
     *
     * @param problem what its last check found; empty if nothing
     */
    public record Row(ChannelCatalog.Entry account, String problem) {}

    /**
     * A member in the form.
     *
     * @param value empty for secrets
     * @param isSecret whether an empty field keeps what is stored
     */
    public record Field(AccountMember member, String value, boolean isSecret, boolean isLong) {}

    @GetMapping
    ModelAndView list() {
        return Views.page(
                "channels",
                Map.of(
                        "channels",
                        channels.list().stream()
                                .map(each -> new Row(
                                        each, channels.problem(each.name()).orElse("")))
                                .toList(),
                        "types",
                        channels.types()));
    }

    @GetMapping("/new")
    ModelAndView newForm(Form form) {
        return form(200, type(form), null, form.shown("name"), Map.of(), Map.of());
    }

    private ChannelType type(Form form) {
        String name = form.shown("type");
        return channels.types().stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("channel_type_not_found", "Channel type not found.")
                        .asException());
    }

    private static ModelAndView form(
            int status,
            ChannelType type,
            ChannelCatalog.@Nullable Entry account,
            String name,
            Map<String, String> given,
            Map<String, String> errors) {
        List<Field> fields = type.members().stream()
                .map(member -> field(member, account, given))
                .toList();
        Map<String, Object> model = new HashMap<>();
        model.put("type", type);
        if (account != null) {
            model.put("account", account);
        }
        model.put("name", name);
        model.put("fields", fields);
        model.put("errors", errors);
        return Views.page(status, "channel", model);
    }

    private static Field field(
            AccountMember member, ChannelCatalog.@Nullable Entry account, Map<String, String> given) {
        boolean isSecret = member.kind() == AccountMember.Kind.SECRET;
        String stored =
                account == null ? null : account.account().find(member.name()).orElse(null);
        String initial = account == null ? member.defaultText() : stored;
        String value = given.getOrDefault(member.name(), Objects.requireNonNullElse(initial, ""));
        return new Field(member, isSecret ? "" : value, isSecret, member.isFromFile());
    }

    private static Map<String, String> given(ChannelType type, Form form) {
        Map<String, String> given = new HashMap<>();
        type.members().forEach(member -> given.put(member.name(), form.shown(member.name())));
        return given;
    }

    /** An empty field is a member that is not set; of a secret, one that does not change. */
    private static Map<String, Json> members(ChannelType type, Map<String, String> given, boolean isNew) {
        Map<String, Json> members = new HashMap<>();
        for (AccountMember member : type.members()) {
            String text = given.getOrDefault(member.name(), "");
            if (!text.isEmpty()) {
                members.put(
                        member.name(),
                        member.kind() == AccountMember.Kind.TIME
                                ? new Json.Obj(Map.of(AccountMember.AT, new Json.Text(text)), 0, 0)
                                : new Json.Text(text));
            } else if (!isNew && member.kind() != AccountMember.Kind.SECRET) {
                members.put(member.name(), new Json.Null());
            }
        }
        return members;
    }

    @PostMapping("/new")
    ModelAndView create(@AuthenticationPrincipal Caller caller, Form form, Language language) {
        ChannelType type = type(form);
        Map<String, String> given = given(type, form);
        Map<String, Json> members = members(type, given, true);
        members.put("name", new Json.Text(form.shown("name")));
        members.put("type", new Json.Text(type.name()));
        try {
            channels.create(caller, FieldReader.of(members));
        } catch (ProblemException e) {
            return form(422, type, null, form.shown("name"), given, errors(language, e));
        }
        return Views.redirect("/channels?done=saved");
    }

    private Map<String, String> errors(Language language, ProblemException e) {
        return switch (e.problem().status()) {
            case 422 -> byMember(problems.errors(language, e.problem()));
            case 409 -> Map.of("name", problems.detail(language, e.problem()));
            default -> throw e;
        };
    }

    /** The form has one field for the object of a time. */
    private static Map<String, String> byMember(Map<String, String> errors) {
        Map<String, String> byMember = new HashMap<>();
        String end = "." + AccountMember.AT;
        errors.forEach((field, error) ->
                byMember.put(field.endsWith(end) ? field.substring(0, field.length() - end.length()) : field, error));
        return byMember;
    }

    @GetMapping("/{name}")
    ModelAndView show(@PathVariable String name) {
        ChannelCatalog.Entry account = channels.find(name);
        return form(200, account.type(), account, name, Map.of(), Map.of());
    }

    @PostMapping("/{name}")
    ModelAndView change(
            @AuthenticationPrincipal Caller caller, @PathVariable String name, Form form, Language language) {
        ChannelCatalog.Entry account = channels.find(name);
        Map<String, String> given = given(account.type(), form);
        try {
            channels.change(caller, name, FieldReader.of(members(account.type(), given, false)));
        } catch (ProblemException e) {
            return form(422, account.type(), account, name, given, errors(language, e));
        }
        return Views.redirect("/channels?done=saved");
    }

    @PostMapping("/{name}/delete")
    ModelAndView delete(@AuthenticationPrincipal Caller caller, @PathVariable String name) {
        channels.delete(caller, name);
        return Views.redirect("/channels?done=channel_deleted");
    }

    @PostMapping("/{name}/check")
    ModelAndView check(@PathVariable String name) {
        channels.check(name);
        return Views.redirect("/channels?done=channel_checked");
    }
}
