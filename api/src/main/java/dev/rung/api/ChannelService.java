package dev.rung.api;

import dev.rung.core.model.InvalidValueException;
import dev.rung.payments.channel.AccountMember;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.channel.ChannelType;
import dev.rung.payments.flow.ChannelMonitor;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.PaymentState;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import dev.rung.payments.port.RefundStore;
import dev.rung.web.Caller;
import dev.rung.web.FieldReader;
import dev.rung.web.Problem;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Creates, reads, changes, deletes and checks channel accounts. Used by the API and the console. Thread-safe. */
public final class ChannelService {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,31}";
    private static final int VALUE_LENGTH_MAX = 64 * 1024;

    /** The byte order mark, with which some editors begin files. */
    private static final String MARK = "\uFEFF";

    private final ChannelCatalog catalog;
    private final ChannelMonitor monitor;
    private final PaymentStore payments;
    private final RefundStore refunds;
    private final AuditRecorder audit;

    ChannelService(
            ChannelCatalog catalog,
            ChannelMonitor monitor,
            PaymentStore payments,
            RefundStore refunds,
            AuditRecorder audit) {
        this.catalog = catalog;
        this.monitor = monitor;
        this.payments = payments;
        this.refunds = refunds;
        this.audit = audit;
    }

    public List<ChannelCatalog.Entry> list() {
        return catalog.accounts();
    }

    /** The types that accounts can have, by name. */
    public List<ChannelType> types() {
        return catalog.types().stream()
                .sorted(Comparator.comparing(ChannelType::name))
                .toList();
    }

    /** What the last check of an account found; empty if nothing is known to be wrong. */
    public Optional<String> problem(String name) {
        return monitor.problem(name);
    }

    /**
     * The account.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    public ChannelCatalog.Entry find(String name) {
        return catalog.find(name)
                .orElseThrow(() -> Problem.notFound("channel_not_found", "Channel not found.")
                        .asException());
    }

    /**
     * Creates an account, which all servers have within a second.
     *
     * @throws dev.rung.web.ProblemException 409 or 422
     */
    public ChannelCatalog.Entry create(Caller caller, FieldReader fields) {
        String name = fields.text("name", ChannelService::name);
        ChannelType type = fields.text("type", this::type);
        fields.require("name");
        fields.require("type");
        if (type == null) {
            // Which members there are depends on the type.
            fields.check();
            throw new IllegalStateException("a missing type was not reported");
        }
        Map<String, String> values = new HashMap<>();
        for (AccountMember member : type.members()) {
            String value = read(fields, member);
            if (value != null) {
                values.put(member.name(), value);
            } else if (member.required()) {
                fields.require(member.name());
            }
        }
        fields.finish();
        ChannelAccount account = ChannelAccount.of(type, String.valueOf(name), values);
        checkCombination(type, account);
        if (!opened(() -> catalog.add(account))) {
            throw Problem.conflict(
                            "channel_name_used", "A channel account with this name exists: " + name, account.name())
                    .asException();
        }
        write(caller, "channel.create", account, values.keySet());
        return find(account.name());
    }

    private static String name(String text) {
        if (!text.matches(NAME)) {
            throw new InvalidValueException("invalid_characters", "is not 1 to 32 letters, digits, - and _");
        }
        return text;
    }

    private ChannelType type(String text) {
        String known = String.join(", ", types().stream().map(ChannelType::name).toList());
        return types().stream()
                .filter(type -> type.name().equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("not_one_of", "is not one of " + known, known));
    }

    private static @Nullable String read(FieldReader fields, AccountMember member) {
        if (member.kind() != AccountMember.Kind.TIME) {
            return fields.text(member.name(), text -> checked(member, text));
        }
        FieldReader within = fields.within(member.name());
        if (within == null) {
            return null;
        }
        String at = within.text(AccountMember.AT, text -> checked(member, text));
        within.require(AccountMember.AT);
        within.refuseOthers();
        return at;
    }

    private static String checked(AccountMember member, String text) {
        String value = text.startsWith(MARK) ? text.substring(MARK.length()) : text;
        if (value.isEmpty() || value.length() > VALUE_LENGTH_MAX) {
            throw new InvalidValueException(
                    value.isEmpty() ? "too_short" : "too_long",
                    "does not have 1 to " + VALUE_LENGTH_MAX + " characters",
                    VALUE_LENGTH_MAX);
        }
        try {
            member.check().accept(value);
        } catch (IllegalArgumentException e) {
            String fault = String.valueOf(e.getMessage());
            throw new InvalidValueException("invalid_member", fault, fault);
        }
        return value;
    }

    private static void checkCombination(ChannelType type, ChannelAccount account) {
        String problem = type.problem(account);
        if (problem != null) {
            String field = type.members().stream()
                    .map(AccountMember::name)
                    .filter(problem::contains)
                    .findFirst()
                    .orElse("type");
            throw Problem.invalid(field, "invalid_combination", "is not complete: " + problem, problem)
                    .asException();
        }
    }

    private interface Opening {
        boolean open();
    }

    private static boolean opened(Opening opening) {
        try {
            return opening.open();
        } catch (IllegalArgumentException e) {
            String fault = String.valueOf(e.getMessage());
            throw Problem.invalid("type", "cannot_be_opened", "cannot be opened: " + fault, fault)
                    .asException();
        }
    }

    /** The names of the members that were given, never their values. */
    private void write(Caller caller, String action, ChannelAccount account, Set<String> members) {
        audit.write(caller, action, account.name(), g -> {
            g.writeStartObject();
            g.writeStringProperty("type", account.type());
            g.writeArrayPropertyStart("members");
            new TreeSet<>(members).forEach(g::writeString);
            g.writeEndArray();
            g.writeEndObject();
        });
    }

    /**
     * Changes the given members; one that is null is removed.
     *
     * @throws dev.rung.web.ProblemException 404, 409 or 422
     */
    public ChannelCatalog.Entry change(Caller caller, String name, FieldReader fields) {
        ChannelCatalog.Entry before = changeable(name);
        ChannelType type = before.type();
        Map<String, String> values = new HashMap<>(before.account().values());
        Set<String> given = new TreeSet<>();
        for (AccountMember member : type.members()) {
            if (!fields.has(member.name())) {
                continue;
            }
            given.add(member.name());
            @Nullable String value = read(fields, member);
            if (value != null) {
                values.put(member.name(), value);
            } else {
                values.remove(member.name());
                if (member.required()) {
                    fields.require(member.name());
                }
            }
        }
        fields.finish();
        ChannelAccount after = ChannelAccount.of(type, name, values);
        checkCombination(type, after);
        if (!opened(() -> catalog.replace(before.account(), after))) {
            throw Problem.conflict(
                            "channel_changed", "The channel account was changed at the same time. Read it again.")
                    .asException();
        }
        write(caller, "channel.change", after, given);
        return find(name);
    }

    private ChannelCatalog.Entry changeable(String name) {
        ChannelCatalog.Entry account = find(name);
        if (account.isInSettings()) {
            throw Problem.conflict(
                            "channel_in_settings",
                            "This account is in the server's settings (rung.yaml, flags or variables) and can only be"
                                    + " changed there.")
                    .asException();
        }
        return account;
    }

    /**
     * Deletes an account without open payments and refunds.
     *
     * @throws dev.rung.web.ProblemException 404 or 409
     */
    public void delete(Caller caller, String name) {
        ChannelCatalog.Entry account = changeable(name);
        if (isOpen(name, PaymentState.CREATED) || isOpen(name, PaymentState.PAYING) || refunds.hasOpen(name)) {
            throw Problem.conflict(
                            "channel_in_use",
                            "The account has payments or refunds that have not ended. Close them, or wait for them.")
                    .asException();
        }
        if (!catalog.remove(name)) {
            throw Problem.notFound("channel_not_found", "Channel not found.").asException();
        }
        write(caller, "channel.delete", account.account(), Set.of());
    }

    private boolean isOpen(String channel, PaymentState state) {
        PaymentFilter filter = new PaymentFilter(null, null, channel, state, null, null);
        PaymentId before = null;
        while (true) {
            PaymentStore.Page<?, PaymentId> page = payments.list(filter, before, 1);
            if (!page.items().isEmpty() || page.next() == null) {
                return !page.items().isEmpty();
            }
            before = page.next();
        }
    }

    /**
     * Sends a signed test request to the channel. Returns what is wrong. Blocks for the channel.
     *
     * @throws dev.rung.web.ProblemException 404
     */
    public List<String> check(String name) {
        return monitor.check(find(name).name());
    }
}
