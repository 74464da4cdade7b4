package dev.rung.reconciliation;

import dev.rung.payments.model.Money;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How many there are of a kind, and their amounts by currency. For use by one thread. */
final class Sums {
    private long count;
    private final Map<String, Long> amounts = new TreeMap<>();

    void add(Money amount) {
        count++;
        amounts.merge(amount.currency().getCurrencyCode(), amount.value(), Long::sum);
    }

    String json() {
        return "{\"count\":" + count + ",\"amounts\":["
                + amounts.entrySet().stream()
                        .map(sum -> "{\"value\":" + sum.getValue() + ",\"currency\":\"" + sum.getKey() + "\"}")
                        .collect(Collectors.joining(","))
                + "]}";
    }
}
