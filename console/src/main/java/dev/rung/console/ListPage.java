package dev.rung.console;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A list that is searched, a page at a time, and kept up to date while it is looked at. Pages are told apart by where they begin, so that the
 * thousandth costs what the first does.
 *
 * @param path of the page
 * @param fields of the search, as its address names them
 */
record ListPage(String path, List<String> fields) {
    private static final int LIMIT = 50;
    /** A filter that matches little looks on for so long before it shows what it has and lets the person decide. */
    private static final long LOOK_ON_MILLIS = 120;

    /** One in the list. */
    public interface Row {
        String id();

        /** Whether it may change by itself. */
        boolean isLive();
    }

    /**
     * Rows, and how to see whether they have changed.
     *
     * @param ids of all, as a request names them; empty where none can change any more
     * @param seen a digest of what they show
     */
    public record Rows(List<? extends Row> all, String ids, String seen) {
        static Rows of(List<? extends Row> rows) {
            boolean live = rows.stream().anyMatch(Row::isLive);
            String ids = live ? String.join(",", rows.stream().map(Row::id).toList()) : "";
            return new Rows(rows, ids, Integer.toHexString(Objects.hash(rows.toArray())));
        }
    }

    /**
     * What was found.
     *
     * @param next go on behind this; null: that was all
     */
    record Found<T, I>(List<T> items, @Nullable I next) {
        static <T, I> Found<T, I> nothing() {
            return new Found<>(List.of(), null);
        }
    }

    /** Looks at a bounded number of entries; what it finds may be less than was asked for though more follow. */
    interface Search<T, I> {
        Found<T, I> page(@Nullable I before, int most);
    }

    /** Fills a page, as far as that can be done quickly. */
    static <T, I> Found<T, I> fill(InstantSource clock, @Nullable I before, Search<T, I> search) {
        long until = clock.millis() + LOOK_ON_MILLIS;
        List<T> items = new ArrayList<>();
        I next = before;
        do {
            Found<T, I> page = search.page(next, LIMIT - items.size());
            items.addAll(page.items());
            next = page.next();
        } while (next != null && items.size() < LIMIT && clock.millis() < until);
        return new Found<>(items, next);
    }

    /** What the search asked for, to be shown in its fields again. */
    void putFields(Map<String, Object> model, Form query) {
        fields.forEach(name -> model.put(name, query.shown(name)));
    }

    /** What was found, as a page of the list. */
    void put(Map<String, Object> model, Form query, Found<?, ?> found, Rows rows) {
        Object next = found.next();
        model.put("rows", rows);
        model.put("next", next == null ? "" : next.toString());
        model.put("short", next != null && found.items().size() < LIMIT);
        model.put("first", query.text("before").isEmpty());
        model.put("address", address(query));
    }

    /** The search without its place, to be followed by one. */
    private String address(Form query) {
        StringBuilder address = new StringBuilder(path).append('?');
        for (String name : fields) {
            query.text(name)
                    .ifPresent(value -> address.append(name)
                            .append('=')
                            .append(PageFormat.url(value))
                            .append('&'));
        }
        return address.toString();
    }

    /** The rows that a page asks for again: those named, at most a page of them. */
    static <I, T> List<T> named(Form query, Function<String, I> parse, Function<I, Optional<T>> find) {
        return Arrays.stream(query.shown("ids").split(",", LIMIT + 1))
                .limit(LIMIT)
                .flatMap(text -> Form.parsed(text, parse).stream())
                .flatMap(id -> find.apply(id).stream())
                .toList();
    }

    /** Rows as they are now, if they are not as they were seen. */
    static PageResponse again(Form query, String template, Rows rows) {
        return rows.seen().equals(query.shown("seen"))
                ? new PageResponse.Unchanged(rows.ids().isEmpty())
                : PageResponse.html(template, Map.of("rows", rows));
    }
}
