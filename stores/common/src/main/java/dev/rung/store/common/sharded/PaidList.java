package dev.rung.store.common.sharded;

import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Page;
import dev.rung.payments.port.PaymentStore.PaymentFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Payments of all shards, the latest paid first. A cursor is the id of a payment, whose time only its own shard knows: the others are asked for what was paid
 * until that time.
 */
final class PaidList {
    private final Shards shards;
    private final PaymentFilter filter;

    PaidList(Shards shards, PaymentFilter filter) {
        this.shards = shards;
        this.filter = filter;
    }

    /** A position in the list. */
    private record Position(Instant paidAt, PaymentId id) implements Comparable<Position> {
        private static final Comparator<Position> ORDER =
                Comparator.comparing(Position::paidAt).thenComparing(Position::id);

        static Position of(Payment payment) {
            return new Position(Objects.requireNonNull(payment.paidAt(), "listed by it"), payment.id());
        }

        @Override
        public int compareTo(Position other) {
            return ORDER.compare(this, other);
        }
    }

    Page<Payment, PaymentId> page(@Nullable PaymentId before, int limit) {
        Position from = before == null ? null : position(before);
        if (before != null && from == null) {
            return new Page<>(List.of(), null);
        }
        List<Page<Payment, PaymentId>> pages = new ArrayList<>();
        for (int i = 0; i < shards.all().size(); i++) {
            PaymentStore store = shards.all().get(i).payments();
            pages.add(
                    from == null || shards.indexOf(from.id.value()) == i
                            ? store.list(filter, before, limit)
                            : below(store, from, limit));
        }
        return MergedPage.of(
                pages, limit, Position::of, next -> Objects.requireNonNull(position(next), "just read"), Payment::id);
    }

    private @Nullable Position position(PaymentId id) {
        return shards.of(id.value())
                .payments()
                .find(id)
                .filter(payment -> payment.paidAt() != null)
                .map(Position::of)
                .orElse(null);
    }

    /** A page of a shard that does not have the cursor's payment. */
    private Page<Payment, PaymentId> below(PaymentStore store, Position from, int limit) {
        Instant above = from.paidAt.plusMillis(1);
        Instant to = filter.paidTo();
        PaymentFilter until = new PaymentFilter(
                filter.merchant(),
                filter.outTradeNo(),
                filter.channel(),
                filter.state(),
                filter.paidFrom(),
                to == null || to.isAfter(above) ? above : to,
                filter.channelTradeNo(),
                filter.attach());
        List<Payment> found = new ArrayList<>();
        PaymentId next = null;
        do {
            Page<Payment, PaymentId> page = store.list(until, next, limit);
            page.items().stream()
                    .filter(payment -> Position.of(payment).compareTo(from) < 0)
                    .forEach(found::add);
            next = page.next();
            // Payments of the same millisecond, above the cursor, may fill a page.
        } while (found.isEmpty() && next != null);
        return new Page<>(found, next);
    }
}
