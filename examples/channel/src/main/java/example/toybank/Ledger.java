package example.toybank;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The bank's orders, in memory and each in its own file, so that they survive a restart; also writes a daily bill. Thread-safe. */
final class Ledger {
    private static final String SUFFIX = ".order";

    private final Path folder;
    private final Map<String, Order> orders = new HashMap<>();

    /** Opens the ledger in a folder. */
    Ledger(Path folder) throws IOException {
        this.folder = folder;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).toList()) {
                Order order = Order.of(Form.read(Files.readAllBytes(file)));
                orders.put(order.number(), order);
            }
        }
    }

    /** Adds an order unless its number exists; returns the stored one. */
    synchronized Order add(Order order) {
        Order first = orders.get(order.number());
        return first == null ? keep(order) : first;
    }

    /** Changes a stored order; returns the result. */
    synchronized Order change(String number, UnaryOperator<Order> change) {
        Order before = Objects.requireNonNull(orders.get(number), number);
        Order after = change.apply(before);
        return after.equals(before) ? before : keep(after);
    }

    synchronized Optional<Order> find(String number) {
        return Optional.ofNullable(orders.get(number));
    }

    synchronized Optional<Order> findByToken(String token) {
        return orders.values().stream().filter(o -> o.token().equals(token)).findFirst();
    }

    /** Orders with a pending callback. */
    synchronized List<Order> toTell() {
        return orders.values().stream().filter(Order::isToTell).toList();
    }

    /** The open orders. */
    synchronized List<Order> open() {
        return orders.values().stream()
                .filter(o -> o.state() == Order.State.OPEN)
                .toList();
    }

    private Order keep(Order order) {
        try {
            write(folder.resolve(order.number() + SUFFIX), new String(Form.write(order.record()), UTF_8));
            orders.put(order.number(), order);
            Instant settledAt = order.settledAt();
            if (settledAt != null) {
                LocalDate day = LocalDate.ofInstant(settledAt, ZoneOffset.UTC);
                write(folder.resolve("bill-" + day + ".csv"), ToyBankBill.write(settledOn(day)));
            }
            return order;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Collection<Order> settledOn(LocalDate day) {
        return orders.values().stream()
                .filter(o -> o.settledAt() != null
                        && LocalDate.ofInstant(o.settledAt(), ZoneOffset.UTC).equals(day))
                .toList();
    }

    /** Writes atomically. */
    private static void write(Path file, String text) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, text);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
