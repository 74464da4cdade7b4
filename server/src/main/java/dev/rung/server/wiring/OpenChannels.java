package dev.rung.server.wiring;

import dev.rung.api.ChannelCatalog;
import dev.rung.payments.channel.AccountMember;
import dev.rung.payments.channel.BilledChannel;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.channel.ChannelType;
import dev.rung.payments.channel.HostedBank;
import dev.rung.payments.channel.MemberChecks;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.reconciliation.BillScheduler;
import dev.rung.settings.ChannelTypes;
import dev.rung.settings.Settings.Payments.Channel;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * The channel accounts, opened: those of the settings, and those that were created by the API, which {@link #refresh} reads again. Their background tasks run while the server listens. Thread-safe.
 */
final class OpenChannels implements ChannelCatalog, SmartLifecycle, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenChannels.class);

    /** Calls in progress of a replaced account have ended by then. */
    private static final Duration CLOSED_AFTER = Duration.ofSeconds(30);

    private static final String TYPE = "type";

    private final ChannelTypes types;
    private final Function<ChannelAccount, ServerChannelContext> contexts;
    private final StoredAccounts store;
    private final List<Open> inSettings;
    private volatile Map<String, Open> stored = Map.of();
    private volatile boolean running;
    private Consumer<List<PaymentChannel>> changed = channels -> {};

    /** The stored accounts as last read, sealed; null before, and if there are none. */
    private @Nullable String sealed;

    /** An account with its channel. */
    private record Open(Entry entry, PaymentChannel channel) {}

    private OpenChannels(
            ChannelTypes types,
            Function<ChannelAccount, ServerChannelContext> contexts,
            StoredAccounts store,
            List<Open> inSettings) {
        this.types = types;
        this.contexts = contexts;
        this.store = store;
        this.inSettings = inSettings;
    }

    /**
     * Opens each account.
     *
     * @throws StartupException if one of the settings cannot be opened
     */
    static OpenChannels open(
            ChannelTypes types,
            List<Channel> accounts,
            Function<ChannelAccount, ServerChannelContext> contexts,
            StoredAccounts store) {
        List<Open> opened = accounts.stream()
                .map(channel -> {
                    Entry entry = new Entry(channel.type(), channel.account(), true);
                    return new Open(
                            entry, open(entry, contexts, (reason, cause) -> new StartupException(reason, cause)));
                })
                .toList();
        OpenChannels channels = new OpenChannels(types, contexts, store, opened);
        channels.refresh();
        return channels;
    }

    private static PaymentChannel open(
            Entry entry,
            Function<ChannelAccount, ServerChannelContext> contexts,
            BiFunction<String, Throwable, RuntimeException> failure) {
        try {
            PaymentChannel opened = entry.type().open(entry.account(), contexts.apply(entry.account()));
            LOG.info("opened the channel {} ({})", entry.name(), entry.type().description());
            return opened;
        } catch (RuntimeException | LinkageError e) {
            throw failure.apply(
                    "the channel " + entry.name() + " of type " + entry.type().name() + " cannot be opened: "
                            + (e.getMessage() == null ? e.toString() : e.getMessage()),
                    e);
        }
    }

    /** Calls this with all channels whenever they change, now and later. */
    synchronized void onChange(Consumer<List<PaymentChannel>> listener) {
        changed = listener;
        listener.accept(all());
    }

    private Stream<Open> opened() {
        return Stream.concat(inSettings.stream(), stored.values().stream());
    }

    List<PaymentChannel> all() {
        return opened().map(Open::channel).toList();
    }

    /** Reads the stored accounts, and opens and closes those that were changed by any server. */
    synchronized void refresh() {
        String now = store.sealed().orElse(null);
        if (Objects.equals(now, sealed)) {
            return;
        }
        Map<String, Open> before = stored;
        Map<String, Open> after = new TreeMap<>();
        Set<String> settings = new HashSet<>(
                inSettings.stream().map(open -> open.entry().name()).toList());
        store.open(now).forEach((name, members) -> {
            if (settings.contains(name)) {
                LOG.warn("the channel account {} of the settings replaces the one that was created by the API", name);
                return;
            }
            reopened(name, members, before.get(name)).ifPresent(open -> after.put(name, open));
        });
        use(after);
        sealed = now;
    }

    private Optional<Open> reopened(String name, Map<String, String> members, @Nullable Open known) {
        Map<String, String> values = new HashMap<>(members);
        ChannelType type = types.find(String.valueOf(values.remove(TYPE))).orElse(null);
        if (type == null) {
            LOG.error("the channel account {} is of the unknown type {}", name, members.get(TYPE));
            return Optional.empty();
        }
        Entry entry = new Entry(type, new ChannelAccount(name, type.name(), values), false);
        if (known != null && known.entry().equals(entry)) {
            return Optional.of(known);
        }
        try {
            return Optional.of(new Open(entry, open(entry, contexts, IllegalArgumentException::new)));
        } catch (IllegalArgumentException e) {
            LOG.error("a channel account that was created by the API cannot be used", e);
            return Optional.empty();
        }
    }

    private void use(Map<String, Open> after) {
        Map<String, Open> before = stored;
        stored = Map.copyOf(after);
        for (Open open : after.values()) {
            if (running && !before.containsValue(open)) {
                open.channel().start();
            }
        }
        changed.accept(all());
        before.values().stream()
                .filter(open -> !after.containsValue(open))
                .map(Open::channel)
                .forEach(OpenChannels::end);
    }

    private static void end(PaymentChannel channel) {
        channel.stop();
        CompletableFuture.delayedExecutor(CLOSED_AFTER.toSeconds(), TimeUnit.SECONDS)
                .execute(channel::close);
    }

    @Override
    public List<Entry> accounts() {
        return opened().map(Open::entry)
                .sorted(Comparator.comparing(Entry::name))
                .toList();
    }

    /** The accounts whose bills are fetched; none before the server listens. */
    List<BillScheduler.Account> withBills() {
        return running ? opened().flatMap(OpenChannels::withBills).toList() : List.of();
    }

    private static Stream<BillScheduler.Account> withBills(Open open) {
        ChannelAccount account = open.entry().account();
        return open.channel() instanceof BilledChannel billed
                ? account
                        .find(AccountMember.BILLS)
                        .flatMap(MemberChecks::timeOrOff)
                        .map(at -> new BillScheduler.Account(
                                account.name(),
                                billed.bills(),
                                at,
                                account.find(AccountMember.ORDERS_PREFIX).orElse(""),
                                open.entry().type().billFormat().stream().toList()))
                        .stream()
                : Stream.empty();
    }

    @Override
    public Optional<Entry> find(String name) {
        Optional<Entry> known =
                accounts().stream().filter(entry -> entry.name().equals(name)).findFirst();
        if (known.filter(Entry::isInSettings).isPresent()) {
            return known;
        }
        refresh();
        return accounts().stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    @Override
    public Collection<ChannelType> types() {
        return types.all();
    }

    @Override
    public synchronized boolean add(ChannelAccount account) {
        check(account);
        return change(accounts -> {
            if (accounts().stream().anyMatch(entry -> entry.name().equals(account.name()))
                    || accounts.containsKey(account.name())) {
                return false;
            }
            accounts.put(account.name(), members(account));
            return true;
        });
    }

    @Override
    public synchronized boolean replace(ChannelAccount before, ChannelAccount after) {
        check(after);
        return change(accounts -> accounts.replace(before.name(), members(before), members(after)));
    }

    @Override
    public synchronized boolean remove(String name) {
        return change(accounts -> accounts.remove(name) != null);
    }

    /** Opens an account as {@link #refresh} will on every server, and closes it: whether it can be opened has to be known before. */
    private void check(ChannelAccount account) {
        Entry entry = new Entry(types.find(account.type()).orElseThrow(), account, false);
        open(entry, contexts, IllegalArgumentException::new).close();
    }

    private static Map<String, String> members(ChannelAccount account) {
        Map<String, String> members = new TreeMap<>(account.values());
        members.put(TYPE, account.type());
        return members;
    }

    private interface Change {
        /** Changes the accounts; false if there is nothing to change. */
        boolean apply(Map<String, Map<String, String>> accounts);
    }

    private boolean change(Change change) {
        while (true) {
            String before = store.sealed().orElse(null);
            Map<String, Map<String, String>> accounts = store.open(before);
            if (!change.apply(accounts)) {
                refresh();
                return false;
            }
            if (store.replace(before, accounts)) {
                refresh();
                return true;
            }
        }
    }

    /** The bank below {@code /banks/NAME}, if that channel has one there. */
    Optional<HostedBank> hosted(String name) {
        return all().stream()
                .filter(channel -> channel.name().equals(name))
                .filter(HostedBank.class::isInstance)
                .map(HostedBank.class::cast)
                .findFirst();
    }

    @Override
    public synchronized void start() {
        all().forEach(PaymentChannel::start);
        running = true;
    }

    @Override
    public synchronized void stop() {
        running = false;
        all().forEach(PaymentChannel::stop);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Starts after the API and the engine and stops before them: callbacks of a bank in this process go there. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1;
    }

    @Override
    public void close() {
        all().forEach(PaymentChannel::close);
    }
}
